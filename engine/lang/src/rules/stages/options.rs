//! SCF050 to SCF052: what resolvers are told.

use super::resolvers;
use crate::config::{Data, Value};
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::fix;
use crate::model::list_words;
use crate::rules::RuleContext;
use crate::suggest::nearest;
use crate::variables::providers::{OptionKind, Provider, Resolver, ResolverOption, resolver_types};

declare_rule! {
    /// ## What it does
    /// Reports a resolver without a `type`.
    ///
    /// ## Why it matters
    /// The type says which provider fetches the values. The original tool refuses the file, also when the resolver belongs to
    /// another stage.
    ///
    /// ## Example
    /// ```yaml top
    /// stages:
    ///   default:
    ///     resolvers:
    ///       secrets:
    ///         address: https://vault.example.com
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// stages:
    ///   default:
    ///     resolvers:
    ///       secrets:
    ///         type: vault
    ///         address: https://vault.example.com
    /// ```
    RESOLVER_WITHOUT_TYPE = "SCF050", "Resolver without type", Error, fix: Unsafe;

    /// ## What it does
    /// Reports a resolver whose `type` is no provider.
    ///
    /// ## Why it matters
    /// Nobody could fetch the values, and the original tool refuses the file.
    ///
    /// ## Example
    /// ```yaml top
    /// stages:
    ///   default:
    ///     resolvers:
    ///       account:
    ///         type: AWS
    ///         profile: production
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// stages:
    ///   default:
    ///     resolvers:
    ///       account:
    ///         type: aws
    ///         profile: production
    /// ```
    UNKNOWN_RESOLVER_TYPE = "SCF051", "Unknown resolver type", Error, fix: Unsafe;

    /// ## What it does
    /// Reports options that the provider of a resolver does not have, lacks, or cannot read.
    ///
    /// ## Why it matters
    /// The original tool refuses the file. Faults of a resolver inside a resolver, which it does not look at, stop the
    /// deployment when the resolver is used; they are reported as blockers.
    ///
    /// ## Example
    /// ```yaml top
    /// stages:
    ///   default:
    ///     resolvers:
    ///       terraform:
    ///         type: terraform
    ///         bucket: acme-state
    ///         key: shop.tfstate
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// stages:
    ///   default:
    ///     resolvers:
    ///       terraform:
    ///         type: terraform
    ///         backend: s3
    ///         bucket: acme-state
    ///         key: shop.tfstate
    /// ```
    INVALID_RESOLVER_OPTIONS = "SCF052", "Invalid resolver options", Error, fix: Unsafe
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    for (_, resolver) in resolvers(ctx).filter(|(_, resolver)| resolver.is_map()) {
        match kind(resolver) {
            Kind::Missing => acc.push(without_type(ctx, resolver)),
            Kind::Unknown => {}
            Kind::Wrong(value) => acc.push(wrong_type(ctx, value)),
            Kind::Known(provider, options) => Checker { ctx, acc, resolver, provider }.resolver(options),
        }
    }
}

enum Kind<'a> {
    Missing,
    /// A variable.
    Unknown,
    Wrong(Value<'a>),
    Known(&'static Provider, &'static Resolver),
}

fn kind(resolver: Value<'_>) -> Kind<'_> {
    let Some(value) = resolver.get("type") else { return Kind::Missing };
    if value.is_null() {
        return Kind::Missing;
    }
    if value.is_unknown() {
        return Kind::Unknown;
    }
    match resolver_types().find(|(provider, _)| value.as_str() == Some(provider.name)) {
        Some((provider, options)) => Kind::Known(provider, options),
        None => Kind::Wrong(value),
    }
}

fn without_type(ctx: &RuleContext<'_>, resolver: Value<'_>) -> Diagnostic {
    let name = resolver.key().unwrap_or_default();
    let message = format!("The resolver `{name}` has no `type`. It may be {}.", type_names());
    let edits = fix::insert_entry(ctx.document, resolver.node(), "type", "aws", fix::Placement::First);
    let absent = resolver.get("type").is_none() && resolver.is_written_here();
    let fix = edits.filter(|_| absent).map(|edits| Fix::suggestion("Add `type: aws`", edits));
    RESOLVER_WITHOUT_TYPE.at(resolver.missing_place("type"), message).fix(fix)
}

fn wrong_type(ctx: &RuleContext<'_>, value: Value<'_>) -> Diagnostic {
    let written = value.as_str().map_or("This".to_owned(), |word| format!("`{word}`"));
    let nearest = value.as_str().and_then(|word| nearest(word, resolver_types().map(|(provider, _)| provider.name)));
    let advice = match nearest {
        Some(nearest) => format!("Did you mean `{nearest}`?"),
        None => format!("It may be {}.", type_names()),
    };
    let message = format!("{written} is no type of resolver. {advice}");
    let edits =
        nearest.and_then(|nearest| fix::replace_scalar(ctx.document, value.node(), fix::Literal::Text(nearest)));
    let fix = edits.filter(|_| value.is_written_here());
    let fix = fix.map(|edits| Fix::suggestion(format!("Change to `{}`", nearest.unwrap_or_default()), edits));
    UNKNOWN_RESOLVER_TYPE.at(value, message).fix(fix)
}

fn type_names() -> String {
    list_words(resolver_types().map(|(provider, _)| format!("`{}`", provider.name)))
}

struct Checker<'a, 'acc> {
    ctx: &'a RuleContext<'a>,
    acc: &'acc mut Vec<Diagnostic>,
    resolver: Value<'a>,
    provider: &'static Provider,
}

impl<'a> Checker<'a, '_> {
    fn resolver(&mut self, kind: &'static Resolver) {
        let mut options: Vec<&'static ResolverOption> = kind.options.iter().collect();
        let mut known = vec!["type"];
        let mut complete = true;
        if !kind.backends.is_empty() {
            known.push("backend");
            match self.backend(kind) {
                Some(backend) => {
                    options.extend(backend.options);
                    self.needs(backend.needs);
                }
                None => complete = false,
            }
        }
        known.extend(options.iter().map(|option| option.name));
        for (key, value) in self.resolver.entries() {
            if let Some(option) = options.iter().find(|option| option.name == key) {
                self.option(value, option, Severity::Error);
            } else if value.get("type").is_some() && !kind.strict {
                self.nested(value);
            } else if kind.strict && complete && !known.contains(&key) {
                self.unknown(value, key, &known);
            }
        }
        let resolver = self.resolver;
        for option in options.iter().filter(|option| option.required && resolver.get(option.name).is_none()) {
            self.missing(option.name, &format!("`{}`", option.name));
        }
        let has = |name: &&str| resolver.get(name).is_some();
        let given = kind.together.iter().copied().find(has);
        let absent = kind.together.iter().copied().find(|name| !has(name));
        if let (Some(given), Some(absent)) = (given, absent) {
            self.missing(absent, &format!("`{absent}` beside `{given}`"));
        }
    }

    fn backend(&mut self, kind: &'static Resolver) -> Option<&'static crate::variables::providers::Backend> {
        let names = || list_words(kind.backends.iter().map(|backend| format!("`{}`", backend.name)));
        let Some(value) = self.resolver.get("backend") else {
            let message =
                format!("`{}` needs `backend`, which says where the state is kept: {}.", self.provider.name, names());
            let edits =
                fix::insert_entry(self.ctx.document, self.resolver.node(), "backend", "s3", fix::Placement::Last);
            let fix = edits
                .filter(|_| self.resolver.is_written_here())
                .map(|edits| Fix::suggestion("Add `backend: s3`", edits));
            self.acc.push(INVALID_RESOLVER_OPTIONS.at(self.resolver.missing_place("backend"), message).fix(fix));
            return None;
        };
        let backend = kind.backends.iter().find(|backend| value.as_str() == Some(backend.name));
        if backend.is_none() && !value.is_unknown() {
            let message = format!("`backend` must be {}.", names());
            self.acc.push(INVALID_RESOLVER_OPTIONS.at(value, message));
        }
        backend
    }

    /// One of the sets of options must be complete.
    fn needs(&mut self, sets: &'static [&'static [&'static str]]) {
        let resolver = self.resolver;
        let has = |name: &&str| resolver.get(name).is_some();
        if sets.is_empty() || sets.iter().any(|set| set.iter().all(has)) {
            return;
        }
        let nearly = sets.iter().copied().find(|set| set.iter().any(has)).unwrap_or(sets[0]);
        let missing = nearly.iter().copied().find(|name| !has(name)).unwrap_or(nearly[0]);
        let words = list_words(sets.iter().map(|set| {
            let names: Vec<String> = set.iter().map(|name| format!("`{name}`")).collect();
            names.join(" and ")
        }));
        self.missing(missing, &words);
    }

    fn missing(&mut self, name: &str, what: &str) {
        let owner = self.resolver.key().unwrap_or_default();
        let message = format!("The resolver `{owner}` needs {what}.");
        self.acc.push(INVALID_RESOLVER_OPTIONS.at(self.resolver.missing_place(name), message));
    }

    fn unknown(&mut self, value: Value<'a>, key: &str, known: &[&'static str]) {
        let nearest = nearest(key, known.iter().copied().filter(|name| self.resolver.get(name).is_none()));
        let advice = match nearest {
            Some(nearest) => format!("Did you mean `{nearest}`?"),
            None => format!("It may have {}.", list_words(known[1..].iter().map(|name| format!("`{name}`")))),
        };
        let message = format!("`{key}` is no option of a `{}` resolver. {advice}", self.provider.name);
        let edits = nearest.and_then(|nearest| fix::rename_key(self.ctx.document, value.node(), nearest));
        let fix = edits.filter(|_| value.is_written_here());
        let fix = fix.map(|edits| Fix::suggestion(format!("Rename to `{}`", nearest.unwrap_or_default()), edits));
        self.acc.push(INVALID_RESOLVER_OPTIONS.at(value.key_place(), message).fix(fix));
    }

    fn option(&mut self, value: Value<'a>, option: &'static ResolverOption, severity: Severity) {
        // The text of a variable is text, whatever it gives.
        if value.is_variable() || value.is_unknown() {
            return;
        }
        let needed = match (option.kind, value.data()) {
            (OptionKind::Text, Data::String(_)) | (OptionKind::Bool, Data::Bool(_)) => return,
            (OptionKind::Choice(words), data) => {
                if matches!(data, Data::String(word) if words.contains(&word.as_str())) {
                    return;
                }
                list_words(words.iter().map(|word| format!("`{word}`")))
            }
            (OptionKind::Text, _) => "text, in quotes where it would be read as something else".to_owned(),
            (OptionKind::Bool, _) => "`true` or `false`".to_owned(),
        };
        let message = format!("`{}` must be {needed}.", option.name);
        self.acc.push(INVALID_RESOLVER_OPTIONS.at(value, message).severity(severity));
    }

    /// A resolver inside the resolver.
    fn nested(&mut self, value: Value<'a>) {
        let Some(kind) = value.get("type").filter(|kind| !kind.is_unknown()) else { return };
        let service = kind.as_str().and_then(|name| self.provider.service(name));
        let Some(service) = service else {
            let names = list_words(self.provider.services.iter().map(|service| format!("`{}`", service.name)));
            let message = match names.as_str() {
                "" => format!("A `{}` resolver holds no other resolvers.", self.provider.name),
                names => format!("The type of a resolver inside an `{}` resolver must be {names}.", self.provider.name),
            };
            self.acc.push(INVALID_RESOLVER_OPTIONS.at(kind, message).severity(Severity::Blocker));
            return;
        };
        for (key, option) in value.entries() {
            if let Some(known) = service.options.iter().find(|known| known.name == key) {
                self.option(option, known, Severity::Blocker);
            }
        }
    }
}
