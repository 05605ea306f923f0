//! IAM213: buckets whose objects can be had in a roundabout way.

use super::{names, scoped};
use crate::declare_rule;
use crate::diagnostic::Diagnostic;
use crate::iam::reference::{Action, reference};
use crate::iam::variables;
use crate::rules::iam::PolicyContext;
use crate::rules::iam::context::{ResourceEntry, StatementContext, Target};

declare_rule! {
    /// ## What it does
    /// Says that the container may change who gets at a bucket's objects, or when they expire, and may not read, write or delete
    /// them itself.
    ///
    /// ## Why it matters
    /// By the bucket's own policy it can allow itself what it was not given; by a lifecycle rule it can have objects deleted.
    ///
    /// ## Example
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: s3:PutBucketPolicy
    ///     Resource: arn:aws:s3:::report-archive
    /// ```
    ///
    /// ## Use instead
    /// ```yaml policy
    /// Version: '2012-10-17'
    /// Statement:
    ///   - Effect: Allow
    ///     Action: [s3:GetObject, s3:PutObject]
    ///     Resource: arn:aws:s3:::report-archive/*
    /// ```
    ///
    /// ## Source
    /// [Bucket policies](https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html)
    BUCKET_TAKEOVER = "IAM213", "Roundabout way to objects", Info, fix: None
}

const GET: &str = "s3:GetObject";
const PUT: &str = "s3:PutObject";
const DELETE: &str = "s3:DeleteObject";

/// What can be gained by which action.
const WAYS: [(&str, &[&str]); 3] = [
    ("s3:PutBucketPolicy", &[GET, PUT, DELETE]),
    ("s3:PutBucketAcl", &[GET, PUT, DELETE]),
    ("s3:PutLifecycleConfiguration", &[DELETE]),
];

pub(super) fn check(ctx: &PolicyContext<'_>, acc: &mut Vec<Diagnostic>) {
    let ways: Vec<(Action<'static>, &[&'static str])> =
        WAYS.iter().filter_map(|(name, gained)| Some((reference().action(name)?, *gained))).collect();
    let open = |statement: &&StatementContext<'_>| {
        !statement.has_not_action() && !statement.has_not_resource() && !statement.has_condition()
    };
    for statement in scoped(ctx).filter(open) {
        for entry in statement.actions.iter().filter(|entry| entry.taken_back.is_none()) {
            let reached = ways.iter().filter(|(action, _)| entry.reach.actions().contains(action));
            let mut gained: Vec<&str> = Vec::new();
            for (action, names) in reached {
                for name in names.iter().filter(|name| is_new(ctx, statement, *action, name)) {
                    if !gained.contains(name) {
                        gained.push(name);
                    }
                }
            }
            if gained.is_empty() {
                continue;
            }
            let message = format!(
                "With `{}` the container can get {} on the bucket's objects, which it may not do itself. Leave it to the \
                 deployment.",
                entry.text.text,
                names(gained)
            );
            acc.push(ctx.report(&BUCKET_TAKEOVER, ctx.at(entry.text.value), message));
        }
    }
}

/// Whether there is a bucket on whose objects an action is not allowed.
fn is_new(ctx: &PolicyContext<'_>, statement: &StatementContext<'_>, way: Action<'static>, gained: &str) -> bool {
    let Some(gained) = reference().action(gained) else { return false };
    let is_bucket = |entry: &&ResourceEntry<'_>| way.resource_types().any(|(kind, _)| entry.overlaps(kind));
    statement.resources.iter().filter(is_bucket).any(|bucket| {
        // The name of a bucket alone is no name of an object, and a pattern may be both.
        let objects = match &bucket.target {
            Target::Arn(arn) if !arn.resource.text.contains('/') => {
                variables::pattern(&format!("{}/*", bucket.text.text))
            }
            _ => bucket.text.pattern(),
        };
        let allowed = ctx.statements.iter().filter(|statement| statement.allows() && statement.is_about(gained));
        !allowed.into_iter().any(|statement| {
            let named = |entry: &ResourceEntry<'_>| match &entry.target {
                Target::Every | Target::Unknown => true,
                Target::Arn(_) => entry.text.pattern().overlaps(&objects),
                Target::Faulty => false,
            };
            statement.has_not_resource() || statement.resources.iter().any(named)
        })
    })
}
