//! Names of cloud resources, made from the names in the file.
//!
//! [`FORMULAS`] is the one table: what each name is made of, what the service allows, and how the original tool shortens
//! it. New resources follow the original tool, so that both tools recognise them, except where its name collides or is
//! refused: see [`chosen`]. Resources that exist keep the names they have.

pub mod alphabet;
pub mod environment;

use std::collections::HashMap;

use alphabet::{Alphabet, NameFault};

/// The names in the file that a resource's name is made from. Parts that a formula does not use may stay empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    /// `name`.
    pub name: &'a str,
    /// The stage.
    pub stage: &'a str,
    /// The key of the container.
    pub container: &'a str,
    /// The key of the integration.
    pub integration: &'a str,
}

/// What is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the table of formulas has a title for each")]
pub enum Kind {
    LoadBalancer,
    TargetGroupIp,
    TargetGroupLambda,
    Repository,
    Cluster,
    Service,
    LogGroup,
    Function,
    Role,
    Policy,
    ExecutionRole,
    ExecutionPolicy,
    TaskSecurityGroup,
    BalancerSecurityGroup,
    EventRule,
    EventConnection,
    EventDestination,
    EventTarget,
    EventRole,
    RoutingFunction,
    RoutingStore,
    RoutingKey,
    BalancerOrigin,
    FunctionOrigin,
    SlackParameter,
    StateObject,
    DevContainer,
    DevImage,
}

/// How a kind of name is made.
#[derive(Debug)]
pub struct Formula {
    /// What is named.
    pub kind: Kind,
    /// The resource in words, as it stands in a sentence.
    pub title: &'static str,
    /// The original tool's name, with `{base}` (name and stage), `{name}`, `{stage}`, `{container}`, `{integration}`.
    pub original: &'static str,
    /// Slipway's, where it differs: the original's is the same for two stages or two projects.
    pub own: &'static str,
    /// The shortest name that the service takes, in characters.
    pub min: usize,
    /// The longest.
    pub max: usize,
    /// The characters that it takes.
    pub alphabet: Alphabet,
    /// What the original tool does with a name that is too long.
    pub shortening: Shortening,
    /// The page that says what the service takes.
    pub source: &'static str,
}

/// What the original tool does with a name that is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortening {
    /// Nothing that helps: the service refuses the name.
    None,
    /// Cuts the end off, and says nothing.
    Cut,
    /// Keeps the first 55 characters and appends `-` and eight hexadecimal digits of the whole name's SHA-256.
    Hash,
    /// Cuts the base and the container to this many characters each, and keeps the suffix.
    Halves(usize),
}

const ELB_NAME: &str =
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html";
const TARGET_GROUP: &str =
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html";
const ECR: &str = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html";
const ECS: &str = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html";
const LOGS: &str = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html";
const LAMBDA: &str = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html";
const IAM: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";
const EC2: &str = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html";
const EVENTS: &str = "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html";
const CLOUDFRONT: &str = "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateFunction.html";
const ORIGIN: &str = "https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Origin.html";
const KEY: &str = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/kvs-with-functions.html";
const SSM: &str = "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html";
const S3: &str = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html";
const DOCKER: &str = "https://docs.docker.com/reference/cli/docker/container/run/";
const IMAGE: &str = "https://docs.docker.com/reference/cli/docker/image/tag/";

/// All formulas, in the order of [`Kind`].
pub static FORMULAS: [Formula; 28] = {
    use Shortening::{Cut, Halves, Hash, None as Never};
    const fn formula(
        kind: Kind,
        title: &'static str,
        original: &'static str,
        (min, max, alphabet): (usize, usize, Alphabet),
        shortening: Shortening,
        source: &'static str,
    ) -> Formula {
        Formula { kind, title, original, own: original, min, max, alphabet, shortening, source }
    }
    /// A name that tells neither stages nor, for the role, projects apart in the original tool.
    const fn shared(kind: Kind, title: &'static str, original: &'static str, own: &'static str) -> Formula {
        Formula { own, ..formula(kind, title, original, (1, 64, Alphabet::Events), Shortening::Hash, EVENTS) }
    }
    const ELB: (usize, usize, Alphabet) = (1, 32, Alphabet::Hyphens);
    const WORD_64: (usize, usize, Alphabet) = (1, 64, Alphabet::Words);
    const WORD_255: (usize, usize, Alphabet) = (1, 255, Alphabet::Words);
    [
        formula(Kind::LoadBalancer, "load balancer", "alb-{base}", ELB, Never, ELB_NAME),
        formula(Kind::TargetGroupIp, "target group", "{base}-{container}-ip", ELB, Halves(13), TARGET_GROUP),
        formula(Kind::TargetGroupLambda, "target group", "{base}-{container}-lambda", ELB, Halves(11), TARGET_GROUP),
        formula(
            Kind::Repository,
            "image repository",
            "{base}-{container}",
            (2, 256, Alphabet::LowerCaseParts),
            Never,
            ECR,
        ),
        formula(Kind::Cluster, "cluster", "{base}", WORD_255, Never, ECS),
        formula(Kind::Service, "service", "{base}-{container}", WORD_255, Never, ECS),
        formula(
            Kind::LogGroup,
            "log group",
            "/aws/ecs/{base}-{container}-fargate",
            (1, 512, Alphabet::LogGroup),
            Never,
            LOGS,
        ),
        formula(Kind::Function, "function", "{base}-{container}", WORD_64, Cut, LAMBDA),
        formula(Kind::Role, "role", "{base}-{container}-role", (1, 64, Alphabet::Iam), Hash, IAM),
        formula(Kind::Policy, "policy", "{base}-{container}-policy", (1, 128, Alphabet::Iam), Hash, IAM),
        formula(
            Kind::ExecutionRole,
            "execution role",
            "{base}-fargate-execution-role",
            (1, 64, Alphabet::Iam),
            Hash,
            IAM,
        ),
        formula(
            Kind::ExecutionPolicy,
            "execution policy",
            "{base}-fargate-execution-policy",
            (1, 128, Alphabet::Iam),
            Hash,
            IAM,
        ),
        formula(Kind::TaskSecurityGroup, "security group", "{base}-s2s", (1, 255, Alphabet::SecurityGroup), Never, EC2),
        formula(
            Kind::BalancerSecurityGroup,
            "security group",
            "{base}-lb",
            (1, 255, Alphabet::SecurityGroup),
            Never,
            EC2,
        ),
        shared(
            Kind::EventRule,
            "event rule",
            "{name}-{container}-{integration}-rule",
            "{base}-{container}-{integration}-rule",
        ),
        shared(
            Kind::EventConnection,
            "event connection",
            "{name}-{container}-{integration}-connection",
            "{base}-{container}-{integration}-connection",
        ),
        shared(
            Kind::EventDestination,
            "API destination",
            "{name}-{container}-{integration}-destination",
            "{base}-{container}-{integration}-destination",
        ),
        shared(
            Kind::EventTarget,
            "event target",
            "{name}-{container}-{integration}-target",
            "{base}-{container}-{integration}-target",
        ),
        Formula {
            alphabet: Alphabet::Iam,
            source: IAM,
            ..shared(
                Kind::EventRole,
                "event role",
                "{integration}-eventbridge-api-target-role",
                "{base}-{container}-{integration}-events-role",
            )
        },
        formula(Kind::RoutingFunction, "routing function", "{base}-router", WORD_64, Never, CLOUDFRONT),
        formula(Kind::RoutingStore, "key-value store", "{base}-routing-store", WORD_64, Never, CLOUDFRONT),
        formula(Kind::RoutingKey, "routing entry", "{base}:routing", (1, 512, Alphabet::Any), Never, KEY),
        formula(Kind::BalancerOrigin, "origin", "{base}-alb-origin", (1, 128, Alphabet::Any), Never, ORIGIN),
        formula(
            Kind::FunctionOrigin,
            "origin",
            "{base}-lambda-{container}-origin",
            (1, 128, Alphabet::Any),
            Never,
            ORIGIN,
        ),
        formula(
            Kind::SlackParameter,
            "parameter",
            "/{name}/{stage}/slack/appconfig/credentials",
            (1, 1011, Alphabet::Parameter),
            Never,
            SSM,
        ),
        formula(
            Kind::StateObject,
            "state object",
            "services/scf/{base}/state/state.json",
            (1, 1024, Alphabet::Any),
            Never,
            S3,
        ),
        formula(Kind::DevContainer, "local container", "{container}", (2, 128, Alphabet::Docker), Never, DOCKER),
        formula(Kind::DevImage, "local image", "{container}", (1, 255, Alphabet::LowerCaseParts), Never, IMAGE),
    ]
};

/// The tag of a [`Kind::DevImage`].
pub const DEV_IMAGE_TAG: &str = "local";

/// How many characters the original tool keeps before it appends a hash.
const BEFORE_HASH: usize = 55;
/// Hexadecimal digits of the original tool's hash.
const ORIGINAL_HASH: usize = 8;
/// Hexadecimal digits of Slipway's.
const OWN_HASH: usize = 6;

impl<'a> Parts<'a> {
    /// The parts of a name that belongs to the whole project.
    pub fn project(name: &'a str, stage: &'a str) -> Self {
        Self { name, stage, container: "", integration: "" }
    }

    /// The parts of a name that belongs to a container.
    #[must_use]
    pub fn container(self, container: &'a str) -> Self {
        Self { container, ..self }
    }

    /// The parts of a name that belongs to an integration of the container.
    #[must_use]
    pub fn integration(self, integration: &'a str) -> Self {
        Self { integration, ..self }
    }

    /// Name and stage, which every shared name begins with.
    pub fn base(self) -> String {
        format!("{}-{}", self.name, self.stage)
    }

    /// The name of a resource.
    pub fn name(self, kind: Kind) -> Name<'a> {
        let Formula { original, own, .. } = kind.formula();
        Name { kind, parts: self, original: self.fill(original), own: self.fill(own) }
    }

    fn fill(self, formula: &str) -> String {
        let mut text = String::with_capacity(formula.len() + 64);
        let mut rest = formula;
        // One pass, so that a part that looks like a placeholder stays what it is.
        while let Some((before, after)) = rest.split_once('{') {
            let (part, after) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(before);
            match part {
                "base" => text.extend([self.name, "-", self.stage]),
                "name" => text.push_str(self.name),
                "stage" => text.push_str(self.stage),
                "container" => text.push_str(self.container),
                "integration" => text.push_str(self.integration),
                _ => {}
            }
            rest = after;
        }
        text + rest
    }
}

impl Kind {
    /// How its names are made.
    pub fn formula(self) -> &'static Formula {
        &FORMULAS[self as usize]
    }
}

/// The name of one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    kind: Kind,
    parts: Parts<'a>,
    original: String,
    own: String,
}

/// Which parts of a name the original tool's shortening cuts into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// Project and stage: two stages may get one name.
    pub base: bool,
    /// The container's key: two containers may get one name.
    pub container: bool,
}

impl Name<'_> {
    /// What is named.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The name as the original tool writes it, shortened as it shortens. The service may still refuse it.
    pub fn original(&self) -> String {
        let Formula { max, shortening, .. } = self.kind.formula();
        let too_long = self.original.chars().count() > *max;
        match shortening {
            Shortening::Cut => start(&self.original, *max).to_owned(),
            // The same 64 characters for every kind, also where the service takes more.
            Shortening::Hash if self.original.chars().count() > BEFORE_HASH + 1 + ORIGINAL_HASH => {
                format!("{}-{}", start(&self.original, BEFORE_HASH), hash(&self.original, ORIGINAL_HASH))
            }
            Shortening::Halves(half) if too_long => {
                let suffix = self.kind.formula().original.rsplit('-').next().unwrap_or_default();
                let base = self.parts.base();
                format!("{}-{}-{suffix}", start(&base, *half), start(self.parts.container, *half))
            }
            _ => self.original.clone(),
        }
    }

    /// Slipway's own name: whole if it is short enough, else cut, with a hash of the whole name at its end.
    pub fn hashed(&self) -> String {
        let max = self.kind.formula().max;
        if self.own.chars().count() <= max { self.own.clone() } else { self.with_hash_of(&self.own) }
    }

    /// What the service has against the original tool's name.
    pub fn fault(&self) -> Option<NameFault> {
        let Formula { min, max, alphabet, .. } = self.kind.formula();
        alphabet::fault(&self.original(), *min..=*max, *alphabet)
    }

    /// What the original tool cuts, without a hash that would tell the names apart.
    pub fn cut(&self) -> Cut {
        let Formula { max, shortening, .. } = self.kind.formula();
        let length = self.original.chars().count();
        match shortening {
            Shortening::Halves(half) if length > *max => Cut {
                base: self.parts.base().chars().count() > *half,
                container: self.parts.container.chars().count() > *half,
            },
            Shortening::Cut if length > *max => Cut { base: self.parts.base().chars().count() > *max, container: true },
            _ => Cut::default(),
        }
    }

    fn with_hash_of(&self, text: &str) -> String {
        let room = self.kind.formula().max.saturating_sub(OWN_HASH + 1);
        // Services refuse a separator before the one that is appended.
        let kept = start(&self.own, room).trim_end_matches(['-', '_', '.', '/']);
        format!("{kept}-{}", hash(text, OWN_HASH))
    }
}

/// The names that new resources of one project get, in the order of `names`.
///
/// A name is the original tool's, so that both tools recognise the resource; except where that is too long for the
/// service, where two names of a kind would be one, or where it does not tell stages apart. Then it is Slipway's own,
/// cut and with a hash where that is needed.
pub fn chosen(names: &[Name<'_>]) -> Vec<String> {
    let mut originals: HashMap<(Kind, String), usize> = HashMap::new();
    let mut own: HashMap<(Kind, &str), usize> = HashMap::new();
    for name in names {
        *originals.entry((name.kind, name.original())).or_default() += 1;
        *own.entry((name.kind, &name.own)).or_default() += 1;
    }
    let choose = |name: &Name<'_>| {
        let original = name.original();
        let stands_alone =
            name.original == name.own && !name.cut().base && originals[&(name.kind, original.clone())] == 1;
        if stands_alone && !matches!(name.fault(), Some(NameFault::TooLong { .. })) {
            original
        } else if own[&(name.kind, &*name.own)] == 1 {
            name.hashed()
        } else {
            // Keys that only differ in where one ends and the next begins: `a-b` with `c`, and `a` with `b-c`.
            let Parts { name: project, stage, container, integration } = name.parts;
            name.with_hash_of(&[project, stage, container, integration].join("\0"))
        }
    };
    names.iter().map(choose).collect()
}

/// The first characters of a text.
fn start(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end])
}

/// The first hexadecimal digits of a text's SHA-256.
fn hash(text: &str, digits: usize) -> String {
    use sha2::Digest;
    let bytes = sha2::Sha256::digest(text.as_bytes());
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .take(digits)
        .map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests;
