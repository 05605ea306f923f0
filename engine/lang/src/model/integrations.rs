use super::{ANY_TEXT, Choice, FREE, Fault, Map, Object, Property, SECRET, Shape, Tagged, Text, TextKind, Variant};

const WEBHOOK: Shape = Shape::Text(&Text { kind: TextKind::UrlPath, ..FREE });

/// `integrations.<name>`.
pub(super) static INTEGRATION: Tagged = Tagged {
    name: "Integration",
    doc: "Something that calls the container, told apart by `type`.",
    code: "SCF300",
    variants: &[
        Variant {
            choice: Choice {
                value: "schedule",
                doc: "Calls the container at fixed times.",
                aliases: &["cron", "rate", "awsSchedule", "scheduled", "timer"],
            },
            object: &Object {
                name: "ScheduleIntegration",
                doc: "Calls the container at fixed times.",
                strict: false,
                properties: &[
                    Property::new(
                        "schedule",
                        ANY_TEXT,
                        "When it calls, in UTC. Either `rate(5 minutes)`, or `cron(0 9 ? * MON-FRI *)` with the six fields minute, hour, day of \
                         month, month, day of week, year.\n\n\
                         [Schedule expressions](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html)",
                    )
                    .required()
                    .snippet("rate(1 hour)")
                    .examples(&[
                        "rate(1 hour)",
                        "rate(5 minutes)",
                        "rate(1 day)",
                        "cron(0 9 * * ? *)",
                        "cron(0 9 ? * MON-FRI *)",
                        "cron(0 0 1 * ? *)",
                    ]),
                    Property::new(
                        "webhookPath",
                        WEBHOOK,
                        "The path that is called, or a full `https://` URL. Absent: `/v1/integrations/<name>/schedule`. The \
                         container must answer within 5 seconds.",
                    ),
                ],
                strays: &[],
            },
        },
        Variant {
            choice: Choice {
                value: "awsEventBridge",
                doc: "Sends events of the default event bus to the container.",
                aliases: &["eventBridge", "eventbridge", "EventBridge", "awsEventbridge", "event"],
            },
            object: &Object {
                name: "EventBridgeIntegration",
                doc: "Sends events of the default event bus to the container.",
                strict: false,
                properties: &[
                    Property::new(
                        "pattern",
                        Shape::Map(&Map { key: "event field", key_text: &FREE, value: Shape::Any, codes: &[], snippet: "" }),
                        "Which events: a map of fields to lists of values or of operators such as `prefix`. At most 2048 characters as JSON.\n\n\
                         [Event patterns](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html)",
                    )
                    .required()
                    .snippet("\n  source: [my.source]"),
                    Property::new(
                        "webhookPath",
                        WEBHOOK,
                        "The path that is called, or a full `https://` URL. Absent: `/v1/integrations/<name>/eventbridge`. The \
                         container must answer within 5 seconds.",
                    ),
                ],
                strays: &[],
            },
        },
        Variant {
            choice: Choice { value: "slack", doc: "A Slack app that talks to the container.", aliases: &["Slack"] },
            object: &Object {
                name: "SlackIntegration",
                doc: "A Slack app that talks to the container.",
                strict: false,
                properties: &[
                    Property::new("name", ANY_TEXT, "The app's name in Slack, at most 35 characters.")
                        .required()
                        .snippet("My App")
                        .codes(&[(Fault::Missing, "SCF322")]),
                    Property::new("socketMode", Shape::Bool, "Whether the app connects to Slack itself instead of being called.")
                        .default("false"),
                    Property::new("webhookPath", WEBHOOK, "The path that Slack calls."),
                    Property::new(
                        "credentials",
                        Shape::Object(&Object {
                            name: "SlackCredentials",
                            doc: "Credentials of an existing Slack app.",
                            strict: false,
                            properties: &[
                                Property::new("signingSecret", SECRET, "Verifies that a request comes from Slack.").required().examples(&["${env:SLACK_SIGNING_SECRET}"]),
                                Property::new("botToken", SECRET, "The bot's token, `xoxb-…`.").required().examples(&["${env:SLACK_BOT_TOKEN}"]),
                                Property::new("appToken", SECRET, "The app's token, `xapp-…`; needed with `socketMode`.").examples(&["${env:SLACK_APP_TOKEN}"]),
                            ],
                            strays: &[],
                        }),
                        "Credentials of an existing Slack app, as variables: `${env:SLACK_BOT_TOKEN}`. Absent: an app is made.",
                    )
                    .snippet("\n  signingSecret: ${env:SLACK_SIGNING_SECRET}\n  botToken: ${env:SLACK_BOT_TOKEN}"),
                ],
                strays: &[],
            },
        },
    ],
};
