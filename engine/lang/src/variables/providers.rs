//! Every source of values described once: for the evaluator, the rules, completion and hover.

/// A source of values: what stands in front of the colon of a variable.
#[derive(Debug)]
pub struct Provider {
    /// Its name in a variable, and, where it has a [`Resolver`], the `type` of a resolver.
    pub name: &'static str,
    /// What it reads, in Markdown; the first sentence stands alone.
    pub doc: &'static str,
    /// The ways to write it, each with what it gives.
    pub forms: &'static [(&'static str, &'static str)],
    /// The only keys it has, each with its meaning; empty where keys are free.
    pub keys: &'static [(&'static str, &'static str)],
    /// Keys with a meaning of their own where keys are free; what they give is no secret.
    pub facts: &'static [(&'static str, &'static str)],
    /// What it takes to resolve it.
    pub reach: Reach,
    /// Whether its values must never be shown.
    pub secret: bool,
    /// The name that its resolver goes by where a variable has two colons.
    pub default_resolver: &'static str,
    /// Services of its own that stand between two colons, as in `aws:ssm:`.
    pub services: &'static [Service],
    /// What a resolver of this type may be told; `None` where the name is no resolver type.
    pub resolver: Option<&'static Resolver>,
    /// The newer spelling, when this one is only kept for old files.
    pub replaced_by: Option<&'static str>,
}

/// What it takes to resolve a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The document and what is handed to the analysis.
    Document,
    /// The machine's repository.
    Machine,
    /// An AWS account.
    Aws,
    /// Another service.
    Network,
    /// Nothing: Slipway does not support it.
    Unsupported,
}

/// A service of a provider, such as `ssm` of `aws`; also the `type` of a resolver inside a resolver.
#[derive(Debug)]
pub struct Service {
    /// Its name.
    pub name: &'static str,
    /// What it reads.
    pub doc: &'static str,
    /// Whether its values must never be shown.
    pub secret: bool,
    /// What a resolver of this type may be told.
    pub options: &'static [ResolverOption],
}

/// What a resolver of a type may be told, beside its `type`.
#[derive(Debug)]
pub struct Resolver {
    /// Whether other options are an error.
    pub strict: bool,
    /// The options of every resolver of the type.
    pub options: &'static [ResolverOption],
    /// Options that make sense together only.
    pub together: &'static [&'static str],
    /// Where the values are kept, chosen with `backend`; empty where there is no choice.
    pub backends: &'static [Backend],
}

/// One value of the option `backend`.
#[derive(Debug)]
pub struct Backend {
    /// The value.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// The options that go with it.
    pub options: &'static [ResolverOption],
    /// Sets of options of which one must be complete; empty where nothing more is needed.
    pub needs: &'static [&'static [&'static str]],
}

/// An option of a resolver.
#[derive(Debug)]
pub struct ResolverOption {
    /// The key.
    pub name: &'static str,
    /// What may stand under it.
    pub kind: OptionKind,
    /// Whether it must be there.
    pub required: bool,
    /// For a secret: the environment variable that usually holds it.
    pub secret: Option<&'static str>,
    /// What it means.
    pub doc: &'static str,
}

/// What may stand under an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionKind {
    /// Text.
    Text,
    /// `true` or `false`.
    Bool,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// All providers: those that need nothing first, then by how far away they are.
pub static PROVIDERS: &[Provider] = &[
    Provider {
        doc: "An environment variable. Variables of the process count first, then `.env.<stage>`, then `.env`. The value is \
              always text.",
        forms: &[
            ("${env:NAME}", "the environment variable `NAME`"),
            ("${env:NAME, 'text'}", "the same, or `text` where it is not set"),
        ],
        resolver: Some(&NO_OPTIONS),
        default_resolver: "variables",
        ..provider("env", Reach::Document)
    },
    Provider {
        doc: "A parameter. `--param name=value` wins over `stages.<stage>.params`, which wins over `stages.default.params`.",
        forms: &[("${param:name}", "the parameter `name` of the stage")],
        resolver: Some(&NO_OPTIONS),
        ..provider("param", Reach::Document)
    },
    Provider {
        doc: "Another value of this file, by its path. Keys are joined by dots, and so are positions of a list: `a.b.0`.",
        forms: &[
            ("${self:name}", "the project's name"),
            ("${self:containers.api.src}", "the value at that path; a map or a list as a whole where one stands there"),
        ],
        resolver: Some(&NO_OPTIONS),
        default_resolver: "config",
        ..provider("self", Reach::Document)
    },
    Provider {
        doc: "A file beside this one. JSON and YAML are read as data, JavaScript and TypeScript are run, everything else is text.",
        forms: &[
            ("${file(./settings.json)}", "all of the file"),
            ("${file(./settings.yml):api.port}", "the value at a path in it"),
            ("${file(./banner.txt)}", "the text of the file, its last line end included"),
        ],
        resolver: Some(&NO_OPTIONS),
        ..provider("file", Reach::Document)
    },
    Provider {
        doc: "A value of this run.",
        forms: &[("${sls:stage}", "the stage in force")],
        keys: &[
            ("stage", "The stage in force, also where nobody named one."),
            ("instanceId", "A text that differs from run to run."),
        ],
        resolver: Some(&NO_OPTIONS),
        default_resolver: "framework",
        ..provider("sls", Reach::Document)
    },
    Provider {
        doc: "An option of the command line, exactly as given; nothing where it was not given.",
        forms: &[("${opt:stage, 'dev'}", "the value of `--stage`, or `dev`")],
        resolver: Some(&NO_OPTIONS),
        default_resolver: "options",
        ..provider("opt", Reach::Document)
    },
    Provider {
        doc: "Text read as a boolean: `true` and `1`, `false` and `0`, in any case. Other text is an error.",
        forms: &[("${strToBool(${env:DEBUG, 'false'})}", "the boolean that `DEBUG` holds as text")],
        resolver: Some(&NO_OPTIONS),
        default_resolver: "convert",
        ..provider("strToBool", Reach::Document)
    },
    Provider {
        doc: "The state of the git repository.",
        forms: &[("${git:sha1}", "the short hash of the commit")],
        keys: &[
            ("describe", "The commit described by its nearest annotated tag, as `git describe --always` says it."),
            ("describeLight", "The same, with lightweight tags as well."),
            ("sha1", "The short hash of the commit."),
            ("commit", "The full hash of the commit."),
            ("branch", "The name of the branch."),
            ("message", "The message of the commit."),
            ("messageSubject", "The first line of the message."),
            ("messageBody", "The message without its first line."),
            ("user", "The name that git signs commits with."),
            ("email", "The address that git signs commits with."),
            ("isDirty", "`true` when files are changed and not committed."),
            ("repository", "The name of the repository's folder."),
            ("tags", "The tags of the commit joined by `::`, or the short hash where it has none."),
        ],
        resolver: Some(&NO_OPTIONS),
        ..provider("git", Reach::Machine)
    },
    Provider {
        doc: "The AWS account of the deployment: facts about it, and values that are kept there.",
        forms: &[
            ("${aws:region}", "the region of the deployment"),
            ("${aws:accountId}", "the account's twelve digits"),
            ("${aws:partition}", "`aws`, `aws-cn` or `aws-us-gov`"),
            ("${aws:ssm:/path/name}", "a parameter of Systems Manager; also `${aws:/path/name}`"),
            ("${aws:s3:bucket/key}", "the text of an object"),
            ("${aws:cf:stack.Output}", "an output of a CloudFormation stack"),
        ],
        facts: &[
            ("region", "The region of the deployment."),
            ("accountId", "The twelve digits of the account."),
            ("partition", "`aws`, `aws-cn` or `aws-us-gov`."),
        ],
        default_resolver: "ssm",
        services: AWS_SERVICES,
        resolver: Some(&Resolver {
            strict: false,
            options: &[
                option("profile", "The profile of the AWS configuration whose credentials are used."),
                option("region", "The region."),
                option("accessKeyId", "The id of an access key; needs `secretAccessKey`."),
                secret("secretAccessKey", "AWS_SECRET_ACCESS_KEY", "The secret of the access key."),
                secret("sessionToken", "AWS_SESSION_TOKEN", "The token of temporary credentials."),
                flag("ignoreCache", "Whether credentials are fetched anew each time."),
                flag("dashboard", "Has no effect here: it belongs to the original tool's dashboard."),
            ],
            together: &["accessKeyId", "secretAccessKey"],
            backends: &[],
        }),
        ..provider("aws", Reach::Aws)
    },
    Provider {
        doc: "A parameter of Systems Manager, in the older spelling.",
        forms: &[
            ("${ssm:/path/name}", "the parameter; text that is a JSON object as a map"),
            ("${ssm(eu-west-1):/path/name}", "the same, from another region"),
            ("${ssm(raw):/path/name}", "the same, as text whatever it holds"),
            ("${ssm(noDecrypt):/path/name}", "the same, without decrypting it"),
        ],
        secret: true,
        replaced_by: Some("aws:ssm"),
        ..provider("ssm", Reach::Aws)
    },
    Provider {
        doc: "The text of an object in S3, in the older spelling.",
        forms: &[("${s3:bucket/key}", "the text of the object")],
        replaced_by: Some("aws:s3"),
        ..provider("s3", Reach::Aws)
    },
    Provider {
        doc: "An output of a CloudFormation stack, in the older spelling.",
        forms: &[
            ("${cf:stack.Output}", "the output"),
            ("${cf(eu-west-1):stack.Output}", "the same, from another region"),
        ],
        replaced_by: Some("aws:cf"),
        ..provider("cf", Reach::Aws)
    },
    Provider {
        doc: "A secret of HashiCorp Vault. The last part of the path names the field. Where no resolver says more, the address \
              is `VAULT_ADDR` and the token `VAULT_TOKEN`.",
        forms: &[("${vault:secret/data/app/password}", "the field `password` of the secret `secret/data/app`")],
        secret: true,
        resolver: Some(&Resolver {
            strict: true,
            options: &[
                secret("token", "VAULT_TOKEN", "The token; `VAULT_TOKEN` where it is absent."),
                option("address", "The server; `VAULT_ADDR` where it is absent, else `http://localhost:8200/`."),
                option("version", "The version of the server's API, as text; `v1` where it is absent."),
                option("path", "What is put in front of every key."),
            ],
            ..NO_OPTIONS
        }),
        ..provider("vault", Reach::Network)
    },
    Provider {
        doc: "A secret of Doppler. The configuration is that of the resolver, else the one named like the stage.",
        forms: &[
            ("${doppler:project/SECRET}", "a secret of a project"),
            ("${doppler:SECRET}", "a secret of the resolver's project"),
        ],
        secret: true,
        resolver: Some(&Resolver {
            strict: true,
            options: &[
                secret("token", "DOPPLER_TOKEN", "The token; `DOPPLER_TOKEN` where it is absent."),
                option("project", "The project of keys that name none."),
                option("config", "The configuration of the project; the stage where it is absent."),
            ],
            ..NO_OPTIONS
        }),
        ..provider("doppler", Reach::Network)
    },
    Provider {
        doc: "An output of Terraform. Needs a resolver that says where the state is kept.",
        forms: &[
            ("${terraform:outputs:name}", "the output `name`"),
            ("${terraform:name.key}", "a part of an output that is a map"),
        ],
        resolver: Some(&Resolver {
            strict: true,
            backends: &[
                Backend {
                    name: "s3",
                    doc: "The state is an object in S3.",
                    options: &[
                        required("bucket", "The bucket."),
                        required("key", "The key of the state in the bucket."),
                        option("region", "The region of the bucket."),
                    ],
                    needs: &[],
                },
                Backend {
                    name: "remote",
                    doc: "The state is kept by HCP Terraform or Terraform Enterprise.",
                    options: &[
                        option("workspaceId", "The workspace, by its id."),
                        option("organization", "The organization of the workspace; needs `workspace`."),
                        option("workspace", "The workspace, by its name; needs `organization`."),
                        secret(
                            "token",
                            "TF_TOKEN_app_terraform_io",
                            "The token; that of the Terraform command where it is absent.",
                        ),
                        option("hostname", "The server's address; HCP Terraform where it is absent."),
                    ],
                    needs: &[&["workspaceId"], &["organization", "workspace"]],
                },
                Backend {
                    name: "http",
                    doc: "The state is fetched from a web server.",
                    options: &[
                        option("address", "The state's address; `TF_HTTP_ADDRESS` where it is absent."),
                        option("username", "The user; `TF_HTTP_USERNAME` where it is absent."),
                        secret("password", "TF_HTTP_PASSWORD", "The password; `TF_HTTP_PASSWORD` where it is absent."),
                    ],
                    needs: &[],
                },
            ],
            ..NO_OPTIONS
        }),
        default_resolver: "outputs",
        ..provider("terraform", Reach::Network)
    },
    Provider {
        doc: "An output of another service, kept by the original tool's dashboard. Slipway cannot read it.",
        forms: &[("${output:service.key}", "the output `key` of `service`")],
        resolver: Some(&NO_OPTIONS),
        ..provider("output", Reach::Unsupported)
    },
];

static AWS_SERVICES: &[Service] = &[
    Service {
        name: "ssm",
        doc: "Parameters of Systems Manager.",
        secret: true,
        options: &[
            option("region", "The region."),
            ResolverOption {
                kind: OptionKind::Choice(&["raw", "noDecrypt"]),
                ..option("rawOrDecrypt", "`raw` gives text as it is, `noDecrypt` leaves it encrypted.")
            },
        ],
    },
    Service {
        name: "s3",
        doc: "Objects in S3.",
        secret: false,
        options: &[
            option("bucketName", "The bucket."),
            option("objectKey", "The key of the object."),
            option("region", "The region of the bucket."),
        ],
    },
    Service {
        name: "cf",
        doc: "Outputs of CloudFormation stacks.",
        secret: false,
        options: &[option("region", "The region of the stacks.")],
    },
];

const NO_OPTIONS: Resolver = Resolver { strict: false, options: &[], together: &[], backends: &[] };

impl Provider {
    /// The service of a name.
    pub fn service(&self, name: &str) -> Option<&'static Service> {
        self.services.iter().find(|service| service.name == name)
    }

    /// Whether one of its keys has this name, or keys are free.
    pub fn has_key(&self, name: &str) -> bool {
        self.keys.is_empty() || self.keys.iter().any(|(key, _)| *key == name)
    }
}

/// The provider of a name.
pub fn provider_named(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.name == name)
}

/// The providers that may be the `type` of a resolver.
pub fn resolver_types() -> impl Iterator<Item = (&'static Provider, &'static Resolver)> {
    PROVIDERS.iter().filter_map(|provider| Some((provider, provider.resolver?)))
}

/// Whether a name is one that secrets go by, such as `DB_PASSWORD` or `apiKey`.
pub fn looks_secret(name: &str) -> bool {
    const PARTS: [&str; 11] = [
        "password",
        "passwd",
        "passphrase",
        "secret",
        "token",
        "apikey",
        "privatekey",
        "accesskey",
        "credential",
        "authkey",
        "signingkey",
    ];
    let folded: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
    let last_word = name.rsplit(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
    // `PWD` alone is the working folder.
    let short = last_word.len() < name.len() && ["pass", "pwd"].iter().any(|word| last_word.eq_ignore_ascii_case(word));
    short || PARTS.iter().any(|part| folded.contains(part))
}

const fn provider(name: &'static str, reach: Reach) -> Provider {
    Provider {
        name,
        doc: "",
        forms: &[],
        keys: &[],
        facts: &[],
        reach,
        secret: false,
        default_resolver: name,
        services: &[],
        resolver: None,
        replaced_by: None,
    }
}

const fn option(name: &'static str, doc: &'static str) -> ResolverOption {
    ResolverOption { name, kind: OptionKind::Text, required: false, secret: None, doc }
}

const fn required(name: &'static str, doc: &'static str) -> ResolverOption {
    ResolverOption { required: true, ..option(name, doc) }
}

const fn secret(name: &'static str, variable: &'static str, doc: &'static str) -> ResolverOption {
    ResolverOption { secret: Some(variable), ..option(name, doc) }
}

const fn flag(name: &'static str, doc: &'static str) -> ResolverOption {
    ResolverOption { kind: OptionKind::Bool, ..option(name, doc) }
}

#[cfg(test)]
mod tests {
    use super::super::grammar::{self, AlternativeKind};
    use super::*;

    #[test]
    fn every_provider_is_described_and_its_forms_are_what_they_say() {
        for provider in PROVIDERS {
            assert!(provider.doc.ends_with('.'), "{}", provider.name);
            assert!(!provider.forms.is_empty(), "{}", provider.name);
            for (form, meaning) in provider.forms {
                let template = grammar::parse(form);
                let variable = template.whole().unwrap_or_else(|| panic!("{form} is no variable"));
                let AlternativeKind::Reference(reference) = &variable.alternatives()[0].kind else {
                    panic!("{form} is no reference")
                };
                assert_eq!(&form[reference.provider.clone()], provider.name, "{form}");
                assert!(!meaning.ends_with('.'), "{form}");
            }
            for (key, meaning) in provider.keys.iter().chain(provider.facts) {
                assert!(meaning.ends_with('.'), "{key}");
            }
            if let Some(newer) = provider.replaced_by {
                let (name, service) = newer.split_once(':').unwrap();
                assert!(provider_named(name).unwrap().service(service).is_some(), "{newer}");
            }
        }
    }

    #[test]
    fn options_that_belong_together_exist() {
        for (provider, resolver) in resolver_types() {
            for name in resolver.together {
                assert!(resolver.options.iter().any(|option| option.name == *name), "{} {name}", provider.name);
            }
            for backend in resolver.backends {
                for name in backend.needs.iter().copied().flatten() {
                    assert!(backend.options.iter().any(|option| option.name == *name), "{} {name}", provider.name);
                }
            }
        }
    }

    #[test]
    fn names_of_secrets_are_recognised() {
        for name in ["DB_PASSWORD", "apiKey", "API-KEY", "SLACK_BOT_TOKEN", "clientSecret", "DB_PASS", "awsCredentials"]
        {
            assert!(looks_secret(name), "{name}");
        }
        for name in ["MODE", "", "compass", "PASSENGERS", "KEY", "keyboard", "日本", "PWD", "pass"] {
            assert!(!looks_secret(name), "{name}");
        }
    }
}
