use proptest::prelude::*;

use super::cron::{Days, Item};
use super::*;
use crate::text::{TextRange, TextSize};

fn moment(text: &str) -> Moment {
    let number = |from: usize, to: usize| text[from..to].parse().unwrap();
    Moment {
        year: text[..4].parse().unwrap(),
        month: number(5, 7),
        day: number(8, 10),
        hour: number(11, 13),
        minute: number(14, 16),
    }
}

fn item(first: u32, last: u32, step: u32) -> Item {
    Item { first, last, step }
}

/// What runs daily at 10:00, but on these days.
fn on(days: Days) -> Schedule {
    Schedule::Cron(Cron {
        minutes: vec![item(0, 0, 1)],
        hours: vec![item(10, 10, 1)],
        days,
        months: vec![item(1, 12, 1)],
        years: vec![item(1970, 2199, 1)],
    })
}

#[test]
fn rates_are_read() {
    for (text, value, unit) in [
        ("rate(1 minute)", 1, Unit::Minute),
        ("rate(5 minutes)", 5, Unit::Minute),
        ("rate(1 hour)", 1, Unit::Hour),
        ("rate(12 hours)", 12, Unit::Hour),
        ("rate(1 day)", 1, Unit::Day),
        ("rate(7 days)", 7, Unit::Day),
        ("rate(4294967295 days)", u32::MAX, Unit::Day),
    ] {
        let rate = Rate { value, unit };
        assert_eq!(Schedule::parse(text), Ok(Schedule::Rate(rate)));
        assert_eq!(rate.to_string(), text);
    }
}

#[test]
fn fields_are_read() {
    let cron = |minutes, hours, days, months, years| Ok(Schedule::Cron(Cron { minutes, hours, days, months, years }));
    assert_eq!(
        Schedule::parse("cron(5,10-20/2,*/30 8-17 ? JAN,6-DEC MON-FRI 2026/2)"),
        cron(
            vec![item(5, 5, 1), item(10, 20, 2), item(0, 59, 30)],
            vec![item(8, 17, 1)],
            Days::OfWeek(vec![item(2, 6, 1)]),
            vec![item(1, 1, 1), item(6, 12, 1)],
            vec![item(2026, 2199, 2)],
        )
    );
    assert_eq!(
        Schedule::parse("cron(0/15 * * * ? 2026-2030)"),
        cron(
            vec![item(0, 59, 15)],
            vec![item(0, 23, 1)],
            Days::OfMonth(vec![item(1, 31, 1)]),
            vec![item(1, 12, 1)],
            vec![item(2026, 2030, 1)],
        )
    );
    for (days, expected) in [
        ("1,15 * ?", Days::OfMonth(vec![item(1, 1, 1), item(15, 15, 1)])),
        ("L * ?", Days::BeforeLast(0)),
        ("L-3 * ?", Days::BeforeLast(3)),
        ("LW * ?", Days::LastWeekday),
        ("15W * ?", Days::NearestWeekday(15)),
        ("? * 1", Days::OfWeek(vec![item(1, 1, 1)])),
        ("? * sat", Days::OfWeek(vec![item(7, 7, 1)])),
        ("? * WED", Days::OfWeek(vec![item(4, 4, 1)])),
        ("? * FRI-MON", Days::OfWeek(vec![item(6, 2, 1)])),
        ("? * 2/2", Days::OfWeek(vec![item(2, 7, 2)])),
        ("? * L", Days::OfWeek(vec![item(7, 7, 1)])),
        ("? * 6L", Days::LastOfWeek(6)),
        ("? * FRIL", Days::LastOfWeek(6)),
        ("? * 3#2", Days::NthOfWeek(3, 2)),
        ("? * TUE#2", Days::NthOfWeek(3, 2)),
        ("*   *\t?", Days::OfMonth(vec![item(1, 31, 1)])),
    ] {
        assert_eq!(Schedule::parse(&format!("cron(0 10 {days} *)")), Ok(on(expected)), "{days}");
    }
}

/// Each schedule with carets under the place of the fault, the fault, and what it probably means.
#[test]
fn what_eventbridge_refuses_is_shown() {
    use CronFault::{BothDays, Count, NoDay, Range, Special, Step, Unix, Value};
    use Fault::{Cron, Form, OneTime, Rate};
    use Field::{DayOfMonth, DayOfWeek, Hours, Minutes, Month, Year};
    let cases: &[(&str, &str, Fault, Option<&str>)] = &[
        ("every 5 min", "^^^^^^^^^^^", Form(FormFault::Unknown), Some("rate(5 minutes)")),
        ("every hour", "^^^^^^^^^^", Form(FormFault::Unknown), Some("rate(1 hour)")),
        ("2 weeks", "^^^^^^^", Form(FormFault::Unknown), Some("rate(14 days)")),
        ("@daily", "^^^^^^", Form(FormFault::Unknown), Some("cron(0 0 * * ? *)")),
        ("0 2 * * *", "^^^^^^^^^", Form(FormFault::Unknown), Some("cron(0 2 * * ? *)")),
        ("0 2 * * ? *", "^^^^^^^^^^^", Form(FormFault::Unknown), Some("cron(0 2 * * ? *)")),
        ("garbage", "^^^^^^^", Form(FormFault::Unknown), None),
        ("daily(5)", "^^^^^^^^", Form(FormFault::Unknown), None),
        ("", "", Form(FormFault::Unknown), None),
        ("é", "^^", Form(FormFault::Unknown), None),
        ("Rate(5 Minutes)", "^^^^", Form(FormFault::Case), Some("rate(5 minutes)")),
        ("CRON(0 2 * * ? *)", "^^^^", Form(FormFault::Case), Some("cron(0 2 * * ? *)")),
        ("rate(5 minutes", "              ", Form(FormFault::Unclosed), Some("rate(5 minutes)")),
        ("rate(5 minutes);", "               ^", Form(FormFault::Unclosed), Some("rate(5 minutes)")),
        ("cron(", "     ", Form(FormFault::Unclosed), None),
        (" rate(10 minutes)", "^", Form(FormFault::Blanks), Some("rate(10 minutes)")),
        ("rate(10 minutes)\n", "                ^", Form(FormFault::Blanks), Some("rate(10 minutes)")),
        (" rate(0 minutes)", "      ^", Rate(RateFault::Value), None),
        ("at(2026-01-01T00:00:00)", "^^", OneTime, None),
        ("at(", "^^", OneTime, None),
        ("rate()", "     ", Rate(RateFault::Form), None),
        ("rate(10)", "     ^^", Rate(RateFault::Form), None),
        ("rate(minutes)", "     ^^^^^^^", Rate(RateFault::Form), Some("rate(1 minute)")),
        ("rate(5minutes)", "     ^^^^^^^^", Rate(RateFault::Form), Some("rate(5 minutes)")),
        ("rate(5 minutes daily)", "     ^^^^^^^^^^^^^^^", Rate(RateFault::Form), None),
        ("rate( 10 minutes )", "     ^^^^^^^^^^^^", Rate(RateFault::Form), Some("rate(10 minutes)")),
        ("rate(10  minutes)", "     ^^^^^^^^^^^", Rate(RateFault::Form), Some("rate(10 minutes)")),
        ("rate(10\tminutes)", "     ^^^^^^^^^^", Rate(RateFault::Form), Some("rate(10 minutes)")),
        ("rate(10\u{a0}minutes)", "     ^^^^^^^^^^^", Rate(RateFault::Form), Some("rate(10 minutes)")),
        ("rate(0 hours)", "     ^", Rate(RateFault::Value), None),
        ("rate(-10 minutes)", "     ^^^", Rate(RateFault::Value), None),
        ("rate(+10 minutes)", "     ^^^", Rate(RateFault::Value), None),
        ("rate(1.5 hours)", "     ^^^", Rate(RateFault::Value), None),
        ("rate(foo minutes)", "     ^^^", Rate(RateFault::Value), None),
        ("rate(4294967296 days)", "     ^^^^^^^^^^", Rate(RateFault::Value), None),
        ("rate(10 seconds)", "        ^^^^^^^", Rate(RateFault::Unit), None),
        ("rate(120 seconds)", "         ^^^^^^^", Rate(RateFault::Unit), Some("rate(2 minutes)")),
        ("rate(10 years)", "        ^^^^^", Rate(RateFault::Unit), None),
        ("rate(10 minutess)", "        ^^^^^^^^", Rate(RateFault::Unit), Some("rate(10 minutes)")),
        ("rate(10 MINUTES)", "        ^^^^^^^", Rate(RateFault::Unit), Some("rate(10 minutes)")),
        ("rate(2 weeks)", "       ^^^^^", Rate(RateFault::Unit), Some("rate(14 days)")),
        ("rate(1 minutes)", "       ^^^^^^^", Rate(RateFault::Number), Some("rate(1 minute)")),
        ("rate(1 hours)", "       ^^^^^", Rate(RateFault::Number), Some("rate(1 hour)")),
        ("rate(1 days)", "       ^^^^", Rate(RateFault::Number), Some("rate(1 day)")),
        ("rate(10 minute)", "        ^^^^^^", Rate(RateFault::Number), Some("rate(10 minutes)")),
        ("rate(10 hour)", "        ^^^^", Rate(RateFault::Number), Some("rate(10 hours)")),
        ("rate(10 day)", "        ^^^", Rate(RateFault::Number), Some("rate(10 days)")),
        ("cron()", "     ", Cron(Count(0)), None),
        ("cron(INVALID)", "     ^^^^^^^", Cron(Count(1)), None),
        ("cron(0 9 * * ?)", "     ^^^^^^^^^", Cron(Count(5)), Some("cron(0 9 * * ? *)")),
        ("cron(0 0 9 * * ? *)", "     ^^^^^^^^^^^^^", Cron(Count(7)), Some("cron(0 9 * * ? *)")),
        ("cron(0 2 * * *)", "     ^^^^^^^^^", Cron(Unix), Some("cron(0 2 * * ? *)")),
        ("cron(0 9 * * MON-FRI)", "     ^^^^^^^^^^^^^^^", Cron(Unix), Some("cron(0 9 ? * MON-FRI *)")),
        ("cron( 0 9 1 * * )", "      ^^^^^^^^^", Cron(Unix), Some("cron(0 9 1 * ? *)")),
        ("cron(0 9 * * 1-5)", "     ^^^^^^^^^^^", Cron(Unix), Some("cron(0 9 ? * MON-FRI *)")),
        ("cron(0 9 1 * 1)", "     ^^^^^^^^^", Cron(Unix), None),
        ("cron(0 1 * * * *)", "         ^^^^^", Cron(BothDays), Some("cron(0 1 * * ? *)")),
        ("cron(0 9 * * MON-FRI *)", "         ^^^^^^^^^^^", Cron(BothDays), Some("cron(0 9 ? * MON-FRI *)")),
        ("cron(0 9 1 * * *)", "         ^^^^^", Cron(BothDays), Some("cron(0 9 1 * ? *)")),
        ("cron(0 9 1 * MON *)", "         ^^^^^^^", Cron(BothDays), None),
        ("cron(0 9 ? * ? *)", "         ^^^^^", Cron(NoDay), Some("cron(0 9 * * ? *)")),
        ("cron(7 20 * * NOT *)", "              ^^^", Cron(Value(DayOfWeek)), None),
        ("cron(0 dummy ? * MON-FRI *)", "       ^^^^^", Cron(Value(Hours)), None),
        ("cron(71 8 1 * ? *)", "     ^^", Cron(Range(Minutes)), None),
        ("cron(0 24 1 * ? *)", "       ^^", Cron(Range(Hours)), None),
        ("cron(0 0 32 * ? *)", "         ^^", Cron(Range(DayOfMonth)), None),
        ("cron(0 0 0 * ? *)", "         ^", Cron(Range(DayOfMonth)), None),
        ("cron(0 0 1 13 ? *)", "           ^^", Cron(Range(Month)), None),
        ("cron(0 0 1 FOO ? *)", "           ^^^", Cron(Value(Month)), None),
        ("cron(0 0 ? * 0 *)", "             ^", Cron(Range(DayOfWeek)), None),
        ("cron(0 0 ? * 1-8 *)", "               ^", Cron(Range(DayOfWeek)), None),
        ("cron(0 0 1 * ? 1969)", "               ^^^^", Cron(Range(Year)), None),
        ("cron(0 0 1 * ? 2030-2026)", "               ^^^^^^^^^", Cron(Range(Year)), None),
        ("cron(99999999999 0 1 * ? *)", "     ^^^^^^^^^^^", Cron(Range(Minutes)), None),
        ("cron(0,,5 0 1 * ? *)", "       ", Cron(Value(Minutes)), None),
        ("cron(5- 0 1 * ? *)", "       ", Cron(Value(Minutes)), None),
        ("cron(1-2-3 0 1 * ? *)", "       ^^^", Cron(Value(Minutes)), None),
        ("cron(-5 0 1 * ? *)", "     ", Cron(Value(Minutes)), None),
        ("cron(é 0 1 * ? *)", "     ^^", Cron(Value(Minutes)), None),
        ("cron(*/0 0 1 * ? *)", "       ^", Cron(Step(Minutes)), None),
        ("cron(*/61 0 1 * ? *)", "       ^^", Cron(Step(Minutes)), None),
        ("cron(*/x 0 1 * ? *)", "       ^", Cron(Step(Minutes)), None),
        ("cron(? 0 1 * ? *)", "     ^", Cron(Special(Minutes)), None),
        ("cron(0 5L 1 * ? *)", "       ^^", Cron(Special(Hours)), None),
        ("cron(0 0 1 * ? ?)", "               ^", Cron(Special(Year)), None),
        ("cron(0 0 15W,20 * ? *)", "         ^^^", Cron(Special(DayOfMonth)), None),
        ("cron(0 0 1,L * ? *)", "           ^", Cron(Special(DayOfMonth)), None),
        ("cron(0 0 ? * 3#1,6#3 *)", "             ^^^", Cron(Special(DayOfWeek)), None),
        ("cron(0 0 3#1 * ? *)", "         ^^^", Cron(Special(DayOfMonth)), None),
        ("cron(0 0 ? * 3W *)", "             ^^", Cron(Special(DayOfWeek)), None),
        ("cron(0 0 ? * 3#6 *)", "               ^", Cron(Range(DayOfWeek)), None),
        ("cron(0 0 ? * 8#1 *)", "             ^", Cron(Range(DayOfWeek)), None),
        ("cron(0 0 L-31 * ? *)", "           ^^", Cron(Range(DayOfMonth)), None),
        ("cron(0 0 32W * ? *)", "         ^^", Cron(Range(DayOfMonth)), None),
        ("cron(0 0 W * ? *)", "         ", Cron(Value(DayOfMonth)), None),
    ];
    for (text, carets, fault, replacement) in cases {
        let error = Schedule::parse(text).unwrap_err();
        assert_eq!(error.fault, *fault, "{text}: {error}");
        let start = carets.len() - carets.trim_start().len();
        let range = TextRange::new(TextSize::new(start as u32), TextSize::of(*carets));
        assert_eq!(error.range, range, "{text}: {error}");
        assert_eq!(error.replacement.as_deref(), *replacement, "{text}: {error}");
        let message = error.to_string();
        assert!(message.ends_with(['.', '`']) && message.len() > 20, "{text}: {message}");
        if let Some(replacement) = replacement {
            assert!(Schedule::parse(replacement).is_ok(), "{replacement}");
        }
    }
    let long = format!("cron({}0 0 1 * ? *)", " ".repeat(300));
    assert_eq!(Schedule::parse(&long).unwrap_err().fault, Form(FormFault::Length));
}

#[test]
fn some_faults_are_explained_with_care() {
    for (text, expected) in [
        (
            "cron(0 0 ? * 0 *)",
            "`0` is outside the range of this field: 1 to 7. Unlike in Unix, Sunday is 1; `SUN` is the same everywhere.",
        ),
        (
            "cron(0 0 ? * MOO *)",
            "`MOO` is no value for this field, which takes a number from 1 to 7, or a name from SUN to SAT.",
        ),
        ("cron(0,,5 0 1 * ? *)", "A value is missing here: a number from 0 to 59."),
        ("cron(*/0 0 1 * ? *)", "A step in this field is a whole number from 1 to 60."),
        ("cron(0 0 1,L * ? *)", "`L` must stand alone in its field: `1,L` also has something else."),
        ("cron(0 0 1 # ? *)", "`#` has a meaning only in the field for the day of the week."),
        ("rate(1 minutes)", "Behind 1 the unit has no `s`. Write `minute`."),
    ] {
        assert_eq!(Schedule::parse(text).unwrap_err().to_string(), expected, "{text}");
    }
}

#[test]
fn the_cron_of_unix_is_converted() {
    for (unix, expected) in [
        ("* * * * *", Some("* * * * ? *")),
        ("*/5 * * * *", Some("*/5 * * * ? *")),
        ("0 12 * * *", Some("0 12 * * ? *")),
        ("30 9 * * 1-5", Some("30 9 ? * MON-FRI *")),
        ("0 2 * * 0", Some("0 2 ? * SUN *")),
        ("0 2 * * 7", Some("0 2 ? * SUN *")),
        ("0 2 * * 0-6", Some("0 2 ? * SUN-SAT *")),
        ("0 2 * * 5-7", Some("0 2 ? * FRI,SAT,SUN *")),
        ("0 2 * * 1,3,5", Some("0 2 ? * MON,WED,FRI *")),
        ("0 2 * * */2", Some("0 2 ? * SUN,TUE,THU,SAT *")),
        ("0 2 * * 1-5/2", Some("0 2 ? * MON,WED,FRI *")),
        ("0 2 * * sun", Some("0 2 ? * SUN *")),
        ("0 0 1 * *", Some("0 0 1 * ? *")),
        ("0 0 1 jan *", Some("0 0 1 jan ? *")),
        ("0 0 1 1 1", None),
        ("0 2 * * 8", None),
        ("0 2 * * FRI-MON", None),
        ("0 2 * * x", None),
        ("61 2 * * *", None),
        ("a b c d e", None),
    ] {
        assert_eq!(guess::from_unix(unix), expected.map(|fields| format!("cron({fields})")), "{unix}");
    }
}

#[test]
fn schedules_are_told_in_words() {
    for (text, expected) in [
        ("rate(1 minute)", "Every minute"),
        ("rate(5 minutes)", "Every 5 minutes"),
        ("rate(1 day)", "Every day"),
        ("cron(0 10 * * ? *)", "At 10:00 UTC every day"),
        ("cron(15 12 ? * * *)", "At 12:15 UTC every day"),
        ("cron(0 18 ? * MON-FRI *)", "At 18:00 UTC on Monday to Friday"),
        ("cron(0 8 1 * ? *)", "At 08:00 UTC on day 1 of the month"),
        ("cron(0 8 1-7 * ? *)", "At 08:00 UTC on days 1 to 7 of the month"),
        ("cron(0 8 1,15 * ? *)", "At 08:00 UTC on days 1 and 15 of the month"),
        ("cron(0/15 * * * ? *)", "Every 15 minutes"),
        ("cron(* * * * ? *)", "Every minute"),
        ("cron(0/10 * ? * MON-FRI *)", "Every 10 minutes on Monday to Friday"),
        ("cron(0/5 8-17 ? * MON-FRI *)", "Every 5 minutes of hours 8 to 17 UTC on Monday to Friday"),
        ("cron(0/30 20-23 ? * MON-FRI *)", "Every 30 minutes of hours 20 to 23 UTC on Monday to Friday"),
        ("cron(* 9 * * ? *)", "Every minute of hour 9 UTC"),
        ("cron(5 * * * ? *)", "At minute 5 of every hour"),
        ("cron(5/20 * * * ? *)", "At minutes 5, 25 and 45 of every hour"),
        ("cron(0/7 * * * ? *)", "At minutes 0, 7 and so on to 56 of every hour"),
        ("cron(5,10-20 * * * ? *)", "At minutes 5 and 10 to 20 of every hour"),
        ("cron(0 0/2 * * ? *)", "At minute 0 of hours 0, 2 and so on to 22 UTC"),
        ("cron(0 0/6 * * ? *)", "At 00:00, 06:00, 12:00 and 18:00 UTC every day"),
        ("cron(0,30 9,17 ? * 2,4 *)", "At 09:00, 09:30, 17:00 and 17:30 UTC on Monday and Wednesday"),
        ("cron(0 0 L * ? *)", "At 00:00 UTC on the last day of the month"),
        ("cron(0 0 L-1 * ? *)", "At 00:00 UTC on the day before the last of the month"),
        ("cron(0 0 L-3 * ? *)", "At 00:00 UTC on the day 3 days before the last of the month"),
        ("cron(0 0 LW * ? *)", "At 00:00 UTC on the last weekday of the month"),
        ("cron(0 0 15W * ? *)", "At 00:00 UTC on the weekday nearest to day 15 of the month"),
        ("cron(0 0 ? * 6L *)", "At 00:00 UTC on the last Friday of the month"),
        ("cron(0 0 ? * 3#2 *)", "At 00:00 UTC on the second Tuesday of the month"),
        ("cron(0 0 ? * FRI-SUN *)", "At 00:00 UTC on Friday to Sunday"),
        ("cron(0 0 ? * L *)", "At 00:00 UTC on Saturday"),
        ("cron(0 0 1 1/3 ? *)", "At 00:00 UTC on day 1 of the month in January, April, July and October"),
        ("cron(0 0 * DEC ? 2026)", "At 00:00 UTC every day in December in 2026"),
        ("cron(0 0 1 JAN ? 2026-2030)", "At 00:00 UTC on day 1 of the month in January in 2026 to 2030"),
    ] {
        assert_eq!(Schedule::parse(text).unwrap().words(), expected, "{text}");
    }
}

#[test]
fn runs_follow_each_other() {
    // text, time, the next runs
    for (text, after, runs) in [
        ("rate(5 minutes)", "2026-01-05 09:58", "2026-01-05 10:03, 2026-01-05 10:08"),
        ("rate(1 day)", "2026-02-28 23:30", "2026-03-01 23:30, 2026-03-02 23:30"),
        ("cron(0 10 * * ? *)", "2026-01-05 10:00", "2026-01-06 10:00, 2026-01-07 10:00"),
        ("cron(0 10 * * ? *)", "2026-01-05 09:59", "2026-01-05 10:00, 2026-01-06 10:00"),
        ("cron(0 10 * * ? *)", "2026-12-31 23:59", "2027-01-01 10:00, 2027-01-02 10:00"),
        ("cron(0/15 * * * ? *)", "2026-01-05 23:31", "2026-01-05 23:45, 2026-01-06 00:00"),
        ("cron(0 18 ? * MON-FRI *)", "2026-01-02 18:00", "2026-01-05 18:00, 2026-01-06 18:00"),
        ("cron(0 0 29 2 ? *)", "2026-01-01 00:00", "2028-02-29 00:00, 2032-02-29 00:00"),
        ("cron(0 0 29 2 ? *)", "2096-03-01 00:00", "2104-02-29 00:00, 2108-02-29 00:00"),
        ("cron(0 0 31 * ? *)", "2026-01-31 00:00", "2026-03-31 00:00, 2026-05-31 00:00"),
        ("cron(0 0 L * ? *)", "2028-02-01 00:00", "2028-02-29 00:00, 2028-03-31 00:00"),
        ("cron(0 0 L-3 * ? *)", "2026-02-01 00:00", "2026-02-25 00:00, 2026-03-28 00:00"),
        // 31 January 2026 is a Saturday, 28 February too, 31 May a Sunday.
        ("cron(0 0 LW * ? *)", "2026-01-01 00:00", "2026-01-30 00:00, 2026-02-27 00:00"),
        ("cron(0 0 LW 5 ? *)", "2026-01-01 00:00", "2026-05-29 00:00, 2027-05-31 00:00"),
        // 1 August 2026 is a Saturday, 1 November a Sunday.
        ("cron(0 0 1W * ? *)", "2026-07-15 00:00", "2026-08-03 00:00, 2026-09-01 00:00"),
        ("cron(0 0 1W 11 ? *)", "2026-07-15 00:00", "2026-11-02 00:00, 2027-11-01 00:00"),
        ("cron(0 0 15W * ? *)", "2026-02-01 00:00", "2026-02-16 00:00, 2026-03-16 00:00"),
        ("cron(0 0 31W * ? *)", "2026-05-01 00:00", "2026-05-29 00:00, 2026-07-31 00:00"),
        ("cron(0 0 ? * 6L *)", "2026-01-01 00:00", "2026-01-30 00:00, 2026-02-27 00:00"),
        ("cron(0 0 ? * 3#2 *)", "2026-01-01 00:00", "2026-01-13 00:00, 2026-02-10 00:00"),
        ("cron(0 0 ? * 5#5 *)", "2026-01-01 00:00", "2026-01-29 00:00, 2026-04-30 00:00"),
        ("cron(0 22-1 ? * * *)", "2026-01-05 00:30", "2026-01-05 01:00, 2026-01-05 22:00"),
        ("cron(0 0 ? * SAT-SUN *)", "2026-01-05 00:00", "2026-01-10 00:00, 2026-01-11 00:00"),
        ("cron(50-10/5 0 1 1 ? *)", "2025-12-31 00:00", "2026-01-01 00:00, 2026-01-01 00:05"),
        ("cron(0 0 1 1 ? 2030)", "2026-01-01 00:00", "2030-01-01 00:00"),
        ("cron(0 0 1 1 ? 2020)", "2026-01-01 00:00", ""),
        ("cron(0 0 30 2 ? *)", "2026-01-01 00:00", ""),
        ("cron(59 23 31 12 ? 2199)", "2026-01-01 00:00", "2199-12-31 23:59"),
    ] {
        let schedule = Schedule::parse(text).unwrap();
        let found: Vec<String> =
            schedule.runs_after(moment(after)).take(2).map(|run| run.to_string()[4..20].to_owned()).collect();
        assert_eq!(found.join(", "), runs, "{text} after {after}");
    }
    let after_all = Moment::from_unix(i64::MAX);
    assert_eq!(Schedule::parse("cron(0 0 * * ? *)").unwrap().runs_after(after_all).next(), None);
    assert!(Schedule::parse("rate(4294967295 days)").unwrap().runs_after(after_all).nth(2).is_some());
    let before_all = Moment::from_unix(i64::MIN);
    assert_eq!(
        Schedule::parse("cron(0 0 * * ? *)").unwrap().runs_after(before_all).next(),
        Some(moment("1970-01-01 00:00"))
    );
}

#[test]
fn a_description_has_words_and_the_next_runs() {
    let described = |text: &str| {
        let Description { words, next_runs } = describe_schedule(text, moment("2026-01-05 00:30")).unwrap();
        let next_runs: Vec<String> = next_runs.iter().map(ToString::to_string).collect();
        (words, next_runs.len(), next_runs.first().cloned())
    };
    assert_eq!(described("rate(1 hour)"), ("Every hour".to_owned(), 5, Some("Mon 2026-01-05 01:30 UTC".to_owned())));
    assert_eq!(described("cron(0 0 1 1 ? 2030)").1, 1);
    assert_eq!(described("cron(0 0 1 1 ? 2020)").2, None);
    assert!(describe_schedule("every day", moment("2026-01-05 00:30")).is_err());
}

fn any_field(field: Field) -> impl Strategy<Value = String> {
    let (min, max) = field.bounds();
    let value = move || min..=max;
    let item = prop_oneof![
        Just("*".to_owned()),
        value().prop_map(|value| value.to_string()),
        (value(), value()).prop_map(|(one, other)| format!("{}-{}", one.min(other), one.max(other))),
        (value(), 1..=7_u32).prop_map(|(first, step)| format!("{first}/{step}")),
    ];
    proptest::collection::vec(item, 1..3).prop_map(|items| items.join(","))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Walking minute by minute finds the same runs.
    #[test]
    fn no_run_is_missed(
        minutes in any_field(Field::Minutes), hours in any_field(Field::Hours),
        days in prop_oneof![
            any_field(Field::DayOfMonth).prop_map(|days| format!("{days} * ?")),
            any_field(Field::DayOfWeek).prop_map(|days| format!("? * {days}")),
            any_field(Field::Month).prop_map(|months| format!("L {months} ?")),
        ],
        start in 1_700_000_000_i64..2_000_000_000
    ) {
        let schedule = Schedule::parse(&format!("cron({minutes} {hours} {days} *)")).unwrap();
        let after = Moment::from_unix(start);
        let Schedule::Cron(cron) = &schedule else { panic!() };
        let first = cron.next_run(after);
        // A run in the minute itself does not count, one a minute later does.
        for minute in 1..=1500 {
            let now = Moment::from_unix(start + minute * 60);
            let before = Moment::from_unix(start + minute * 60 - 60);
            let runs_now = cron.next_run(before) == Some(now);
            match first {
                Some(first) if first < now => break,
                first => prop_assert_eq!(runs_now, first == Some(now), "{:?} at {}", schedule, now),
            }
        }
        if let Some(first) = first {
            prop_assert!(first > after);
            prop_assert!(cron.next_run(first) > Some(first) || cron.next_run(first).is_none());
        }
    }

    #[test]
    fn any_text_is_taken(text in "(rate|cron|at|)\\(?[0-9a-zA-Z ,*?/#é-]{0,30}\\)?.{0,3}") {
        match Schedule::parse(&text) {
            Ok(schedule) => {
                schedule.words();
                schedule.runs_after(Moment::from_unix(0)).take(3).count();
            }
            Err(error) => {
                prop_assert!(usize::from(error.range.end()) <= text.len());
                prop_assert!(text.get(std::ops::Range::<usize>::from(error.range)).is_some());
                if let Some(replacement) = error.replacement {
                    prop_assert!(Schedule::parse(&replacement).is_ok(), "{text} {replacement}");
                }
            }
        }
    }
}
