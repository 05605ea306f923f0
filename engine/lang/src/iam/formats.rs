//! The published formats by the service in the third field of their names, whichever service has the type.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::arn::{Arn, Format};
use super::reference::{ResourceType, Service, reference};

/// A published format.
#[derive(Debug)]
pub struct ServiceFormat {
    /// As it is published.
    pub text: &'static str,
    /// As it is compared.
    pub format: Format,
}

/// The formats of a service; those of most services are never asked for.
struct ServiceFormats {
    texts: Vec<&'static str>,
    read: OnceLock<Vec<ServiceFormat>>,
}

/// The formats of names with this service in their third field; none for what is no service.
pub fn of_service(service: &str) -> &'static [ServiceFormat] {
    let Some(formats) = by_service().get(service) else { return &[] };
    formats.read.get_or_init(|| {
        let read = |text: &'static str| Some(ServiceFormat { text, format: Format::parse(text)? });
        formats.texts.iter().copied().filter_map(read).collect()
    })
}

/// What can stand in the third field, sorted.
pub fn services() -> impl Iterator<Item = &'static str> {
    by_service().keys().copied()
}

impl ServiceFormat {
    /// Everything behind the fifth colon.
    pub fn resource(&self) -> &'static str {
        self.text.splitn(6, ':').nth(5).unwrap_or_default()
    }

    /// What the resource part of every such name begins with.
    pub fn beginning(&self) -> &'static str {
        fixed(self.resource())
    }

    /// Whether the resource part of a name may be that of such a name, whatever its other fields are.
    pub fn has_resource(&self, arn: &Arn<'_>) -> bool {
        let (one, other) = (fixed(arn.resource.text), self.beginning());
        (one.starts_with(other) || other.starts_with(one)) && self.format.resource.overlaps(&arn.resource.pattern)
    }
}

fn by_service() -> &'static BTreeMap<&'static str, ServiceFormats> {
    static FORMATS: OnceLock<BTreeMap<&'static str, ServiceFormats>> = OnceLock::new();
    FORMATS.get_or_init(|| {
        let mut all = BTreeMap::new();
        for text in reference().services().flat_map(Service::resource_types).flat_map(ResourceType::arn_formats) {
            // Where the service is a placeholder, anything goes.
            let Some(service) = text.split(':').nth(2).filter(|service| !service.contains('$')) else { continue };
            let formats =
                all.entry(service).or_insert_with(|| ServiceFormats { texts: Vec::new(), read: OnceLock::new() });
            if !formats.texts.contains(&text) {
                formats.texts.push(text);
            }
        }
        all
    })
}

/// What is before the first wildcard or variable.
fn fixed(text: &str) -> &str {
    &text[..text.find(['*', '?', '$']).unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_found_by_the_service_of_their_names() {
        let texts = |service: &str| of_service(service).iter().map(|format| format.text).collect::<Vec<_>>();
        assert_eq!(texts("sqs"), ["arn:${Partition}:sqs:${Region}:${Account}:${QueueName}"]);
        assert!(texts("kafka").iter().any(|text| text.contains(":topic/")), "the types of kafka-cluster");
        assert!(texts("SQS").is_empty() && texts("").is_empty());
        assert!(services().is_sorted() && services().any(|service| service == "s3-object-lambda"));
    }

    #[test]
    fn resource_parts_are_compared_alone() {
        for (name, expected) in [
            ("arn:aws:dynamodb:::table/orders", &["table/${TableName}"][..]),
            ("arn:aws:dynamodb:::orders", &[]),
            ("arn:aws:dynamodb:::${self:custom.table}", &["*"]),
        ] {
            let arn = Arn::split(name).unwrap();
            let all = of_service("dynamodb");
            let having: Vec<&str> =
                all.iter().filter(|format| format.has_resource(&arn)).map(ServiceFormat::resource).collect();
            let expected =
                if expected == ["*"] { all.iter().map(ServiceFormat::resource).collect() } else { expected.to_vec() };
            assert_eq!(having, expected, "{name}");
        }
    }
}
