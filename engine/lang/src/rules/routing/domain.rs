//! SCF221 to SCF227, SCF229: domains.

use std::collections::HashSet;

use crate::config::Value;
use crate::declare_rule;
use crate::diagnostic::{Diagnostic, Fix};
use crate::fix::Literal;
use crate::limits::{cloudfront, domains};
use crate::model::DeploymentType;
use crate::rules::RuleContext;
use crate::rules::edits;

declare_rule! {
    /// ## What it does
    /// Reports a URL where a host name belongs.
    ///
    /// ## Why it matters
    /// A certificate, an alias and a DNS record are made for the name; scheme, port and path have no place in them.
    ///
    /// ## Example
    /// ```yaml container
    /// routing: {pathPattern: /*, domain: "https://shop.acme.dev/"}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing: {pathPattern: /*, domain: shop.acme.dev}
    /// ```
    IS_URL = "SCF221", "Domain is a URL", Blocker, fix: Safe;

    /// ## What it does
    /// Reports a text that is no domain: at least two labels of letters, digits and hyphens, the last of letters alone.
    ///
    /// ## Why it matters
    /// No certificate is issued for it.
    ///
    /// ## Example
    /// ```yaml container
    /// routing: {pathPattern: /*, domain: my_shop.acme.dev}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing: {pathPattern: /*, domain: my-shop.acme.dev}
    /// ```
    SYNTAX = "SCF222", "Domain syntax", Blocker, fix: None;

    /// ## What it does
    /// Reports a domain of more than 64 characters.
    ///
    /// ## Why it matters
    /// The first name of a certificate may be no longer.
    ///
    /// ## Example
    /// ```yaml container
    /// routing: {pathPattern: /*, domain: this-is-a-really-long-label-of-a-domain.and-here-is-the-next.acme.dev}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing: {pathPattern: /*, domain: short.acme.dev}
    /// ```
    ///
    /// ## Source
    /// [RequestCertificate](https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html)
    TOO_LONG = "SCF223", "Domain too long", Blocker, fix: None;

    /// ## What it does
    /// Points out upper case and a trailing dot in a domain.
    ///
    /// ## Why it matters
    /// They mean nothing, and AWS stores the plain form, which then looks like a difference.
    ///
    /// ## Example
    /// ```yaml container
    /// routing: {pathPattern: /*, domain: Shop.Acme.dev.}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing: {pathPattern: /*, domain: shop.acme.dev}
    /// ```
    SPELLING = "SCF224", "Domain spelling", Info, fix: Safe;

    /// ## What it does
    /// Reports an `aws@1.0` project with more domains than one certificate holds.
    ///
    /// ## Why it matters
    /// The distribution has one certificate for all domains. A certificate holds 10 names unless AWS raises the quota, and a
    /// distribution takes 100 aliases. (The original tool kept one domain only.)
    ///
    /// ## Example
    /// ```yaml top
    /// containers:
    ///   c1: {src: ./api, compute: {}, routing: {pathPattern: /*, domain: a.acme.dev}}
    ///   c2: {src: ./api, compute: {}, routing: {pathPattern: /*, domain: b.acme.dev}}
    ///   c3: {src: ./api, compute: {}, routing: {pathPattern: /*, domain: c.acme.dev}}
    ///   c4: {src: ./api, compute: {}, routing: {pathPattern: /*, domain: d.acme.dev}}
    ///   c5: {src: ./api, compute: {}, routing: {pathPattern: /*, domain: e.acme.dev}}
    ///   c6: {src: ./api, compute: {}, routing: {pathPattern: /*, domain: f.acme.dev}}
    ///   c7: {src: ./api, compute: {}, routing: {pathPattern: /*, domain: g.acme.dev}}
    ///   c8: {src: ./api, compute: {}, routing: {pathPattern: /*, domain: h.acme.dev}}
    ///   c9: {src: ./api, compute: {}, routing: {pathPattern: /*, domain: i.acme.dev}}
    ///   c10: {src: ./api, compute: {}, routing: {pathPattern: /*, domain: j.acme.dev}}
    ///   c11: {src: ./api, compute: {}, routing: {pathPattern: /*, domain: k.acme.dev}}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml top
    /// containers:
    ///   c1: {src: ./api, compute: {}, routing: {pathPattern: /*, domain: a.acme.dev}}
    ///   c2: {src: ./api, compute: {}, routing: {pathPattern: /*, domain: b.acme.dev}}
    /// ```
    ///
    /// ## Source
    /// [Quotas of ACM](https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html),
    /// [quotas of CloudFront](https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html)
    SEVERAL = "SCF225", "Too many domains", Blocker, fix: None;

    /// ## What it does
    /// Says in which region the certificate of a distribution is made.
    ///
    /// ## Why it matters
    /// CloudFront takes certificates of us-east-1 only. Slipway requests it there, whatever the region of the deployment; the
    /// original tool requested it in the region of the deployment, where custom domains then failed.
    ///
    /// ## Example
    /// <!-- with: region=eu-west-1 -->
    /// ```yaml container
    /// routing: {pathPattern: /*, domain: shop.acme.dev}
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done.
    CERTIFICATE_REGION = "SCF226", "Certificate region", Info, fix: None;

    /// ## What it does
    /// Says whether a domain of two labels also serves its `www.` name.
    ///
    /// ## Why it matters
    /// With `awsApi@1.0` it does, with `aws@1.0` it does not.
    ///
    /// ## Example
    /// ```yaml container
    /// routing: {pathPattern: /*, domain: acme.dev}
    /// ```
    ///
    /// ## Use instead
    /// Nothing has to be done. With `aws@1.0`, a second container with `domain: www.acme.dev` serves the other name.
    WWW = "SCF227", "`www` handling", Info, fix: None;

    /// ## What it does
    /// Reports a domain that nobody can have a hosted zone for.
    ///
    /// ## Why it matters
    /// The certificate would never be validated.
    ///
    /// ## Example
    /// ```yaml container
    /// routing: {pathPattern: /*, domain: shop.example.com}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml container
    /// routing: {pathPattern: /*, domain: shop.acme.dev}
    /// ```
    RESERVED = "SCF229", "Reserved domain", Warning, fix: None
}

pub(super) fn check(ctx: &RuleContext<'_>, acc: &mut Vec<Diagnostic>) {
    let deployment = ctx.deployment_type();
    let mut distinct: HashSet<String> = HashSet::new();
    for container in ctx.containers() {
        let Some(value) = container.get(&["routing", "domain"]) else { continue };
        let Some(domain) = value.as_str() else { continue };
        if domain.contains(['/', ':']) || domain.contains(char::is_whitespace) {
            url(ctx, value, domain, acc);
            continue;
        }
        let plain = domain.trim_end_matches('.').to_ascii_lowercase();
        if !domains::is_domain(&plain) {
            let message = format!(
                "`{domain}` is no domain that a certificate can be issued for: at least two labels of letters, digits and hyphens, \
                 the last of letters alone; the first may be `*`."
            );
            acc.push(SYNTAX.at(value, message));
            continue;
        }
        if plain != domain {
            let message =
                format!("Upper case and a trailing dot mean nothing in a domain; the plain form is `{plain}`.");
            let fix = edits::replace(ctx, value, Literal::Text(&plain))
                .map(|edits| Fix::safe(format!("Use `{plain}`"), edits));
            acc.push(SPELLING.at(value, message).fix(fix));
        }
        if plain.len() > domains::CERTIFICATE_DOMAIN_LENGTH {
            let message = format!(
                "The domain has {} characters, but the first name of a certificate may have {}.",
                plain.len(),
                domains::CERTIFICATE_DOMAIN_LENGTH
            );
            acc.push(TOO_LONG.at(value, message));
        }
        if let Some((reserved, why)) = domains::reserved(&plain) {
            let message = format!("`{reserved}` {why}, so no hosted zone can hold this domain.");
            acc.push(RESERVED.at(value, message));
        }
        if deployment == Some(DeploymentType::Aws)
            && let Some(region) =
                ctx.inputs.region.as_deref().filter(|region| *region != cloudfront::CERTIFICATE_REGION)
        {
            let message = format!(
                "The certificate is made in {}, as CloudFront asks, although the project is deployed to {region}.",
                cloudfront::CERTIFICATE_REGION
            );
            acc.push(CERTIFICATE_REGION.at(value, message));
        }
        if plain.matches('.').count() == 1 && !plain.starts_with('*') {
            let message = match deployment {
                Some(DeploymentType::AwsApi) => format!("With `awsApi@1.0` this also serves `www.{plain}`."),
                _ => format!("With `aws@1.0` this serves `{plain}` only, not `www.{plain}`."),
            };
            acc.push(WWW.at(value, message));
        }
        if distinct.insert(plain)
            && deployment == Some(DeploymentType::Aws)
            && distinct.len() == domains::CERTIFICATE_NAMES + 1
        {
            let message = format!(
                "This is the {}th domain of the project, but one certificate holds {} names unless AWS raises the quota. Split the project, or \
                 use a wildcard.",
                distinct.len(),
                domains::CERTIFICATE_NAMES
            );
            acc.push(SEVERAL.at(value, message));
        }
    }
}

fn url(ctx: &RuleContext<'_>, value: Value<'_>, domain: &str, acc: &mut Vec<Diagnostic>) {
    let message = format!("`{domain}` must be a host name alone, without scheme, port, path and blanks.");
    let host = domain.trim().split_once("://").map_or(domain.trim(), |(_, rest)| rest);
    let host = host.split(['/', ':', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let fix = domains::is_domain(&host).then(|| edits::replace(ctx, value, Literal::Text(&host))).flatten();
    acc.push(IS_URL.at(value, message).fix(fix.map(|edits| Fix::safe(format!("Use `{host}`"), edits))));
}
