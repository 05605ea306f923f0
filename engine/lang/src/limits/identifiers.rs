//! Identifiers of resources: a prefix, `-`, and 8 or 17 hexadecimal digits; and names of parameters.
//!
//! Source: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html>

/// Whether a text is the identifier of a network.
pub fn is_vpc_id(text: &str) -> bool {
    has_form(text, "vpc-")
}

/// Whether a text is the identifier of a subnet.
pub fn is_subnet_id(text: &str) -> bool {
    has_form(text, "subnet-")
}

/// Whether a text is the identifier of a security group.
pub fn is_security_group_id(text: &str) -> bool {
    has_form(text, "sg-")
}

/// Whether a text can be the full name of a parameter in the Systems Manager: a `/`, then parts of letters, digits and
/// `.-_`, at most 15 of them, the first of which begins with neither `aws` nor `ssm`.
///
/// Source: <https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html>
pub fn is_parameter_name(text: &str) -> bool {
    let Some(name) = text.strip_prefix('/') else { return false };
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
    };
    let start = name.get(..3).unwrap_or_default().to_ascii_lowercase();
    name.split('/').all(is_part)
        && name.split('/').count() <= 15
        && text.len() <= 1011
        && start != "aws"
        && start != "ssm"
}

fn has_form(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).is_some_and(|digits| {
        matches!(digits.len(), 8 | 17) && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_have_a_form() {
        for (text, expected) in [
            ("vpc-0123abcd", true),
            ("vpc-0123456789abcdef0", true),
            ("vpc-0123456789abcdef", false),
            ("vpc-0123abcg", false),
            ("vpc-0123ABCD", false),
            ("vpc_1", false),
            ("vpc-", false),
            ("subnet-0123abcd", false),
            ("", false),
        ] {
            assert_eq!(is_vpc_id(text), expected, "{text}");
        }
        assert!(is_subnet_id("subnet-0123abcd") && is_security_group_id("sg-0123456789abcdef0"));
        assert!(!is_security_group_id("sg-é123abcd"));
    }

    #[test]
    fn parameters_have_names() {
        for (name, expected) in [
            ("/shop/dev/slack/appconfig/credentials", true),
            ("/a", true),
            ("/a.b-C_1", true),
            ("my token", false),
            ("/my token", false),
            ("a/b", false),
            ("/", false),
            ("/a//b", false),
            ("/a/", false),
            ("/AWS/x", false),
            ("/ssmx", false),
            ("/é", false),
            ("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15", true),
            ("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", false),
        ] {
            assert_eq!(is_parameter_name(name), expected, "{name}");
        }
    }
}
