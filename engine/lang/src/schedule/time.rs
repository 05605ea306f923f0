//! Minutes of the calendar, in UTC.

use std::fmt;

/// A minute. Ordered by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// The year of the Gregorian calendar.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// From 1.
    pub day: u32,
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
}

impl Moment {
    /// The minute that a Unix time lies in. Times beyond the years ±200,000 count as those.
    pub fn from_unix(seconds: i64) -> Self {
        const YEARS: i64 = 200_000 * 366 * DAY;
        let seconds = seconds.clamp(-YEARS, YEARS);
        let (year, month, day) = date(seconds.div_euclid(DAY));
        let minutes = (seconds.rem_euclid(DAY) / 60) as u32;
        Self { year, month, day, hour: minutes / 60, minute: minutes % 60 }
    }

    /// The Unix time of its first second.
    pub fn unix(self) -> i64 {
        days(self.year, self.month, self.day) * DAY + i64::from(self.hour * 60 + self.minute) * 60
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute } = self;
        let weekday = &super::words::WEEKDAYS[weekday(*year, *month, *day) as usize - 1][..3];
        write!(f, "{weekday} {year:04}-{month:02}-{day:02} {hour:02}:{minute:02} UTC")
    }
}

const DAY: i64 = 24 * 60 * 60;
/// Days of 400 years, after which the calendar repeats.
const ERA: i64 = 146_097;

/// The day of the week: 1 for Sunday to 7 for Saturday.
pub(super) fn weekday(year: i32, month: u32, day: u32) -> u32 {
    // 1 January 1970 was a Thursday.
    (days(year, month, day) + 4).rem_euclid(7) as u32 + 1
}

/// The days that a month has.
pub(super) fn month_length(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1 January 1970. Years are counted from March, so that the leap day is a year's last.
fn days(year: i32, month: u32, day: u32) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let month = (i64::from(month) + 9) % 12;
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * month + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    // 719,468 days lie between 1 March of the year 0 and 1970.
    year.div_euclid(400) * ERA + day_of_era - 719_468
}

/// Year, month and day of a number of days since 1 January 1970.
#[expect(clippy::cast_sign_loss, reason = "days and months are counted from 1")]
fn date(days: i64) -> (i32, u32, u32) {
    let days = days + 719_468;
    let day_of_era = days.rem_euclid(ERA);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + days.div_euclid(ERA) * 400 + i64::from(month <= 2);
    (year as i32, month as u32, day as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unix_times_are_minutes_of_the_calendar() {
        for (seconds, text) in [
            (0, "Thu 1970-01-01 00:00 UTC"),
            (59, "Thu 1970-01-01 00:00 UTC"),
            (60, "Thu 1970-01-01 00:01 UTC"),
            (-1, "Wed 1969-12-31 23:59 UTC"),
            (951_782_400, "Tue 2000-02-29 00:00 UTC"),
            (1_772_323_199, "Sat 2026-02-28 23:59 UTC"),
            (1_767_571_200, "Mon 2026-01-05 00:00 UTC"),
            (4_107_542_399, "Sun 2100-02-28 23:59 UTC"),
            (4_107_542_400, "Mon 2100-03-01 00:00 UTC"),
            (7_258_118_340, "Tue 2199-12-31 23:59 UTC"),
        ] {
            let moment = Moment::from_unix(seconds);
            assert_eq!(moment.to_string(), text, "{seconds}");
            assert_eq!(moment.unix(), seconds.div_euclid(60) * 60);
        }
        assert!(Moment::from_unix(i64::MAX).year > 100_000 && Moment::from_unix(i64::MIN).year < -100_000);
    }

    #[test]
    fn days_follow_each_other() {
        let (mut year, mut month, mut day) = (1970, 1, 1);
        for number in 0..100_000 {
            assert_eq!(date(number), (year, month, day));
            assert_eq!(days(year, month, day), number);
            assert_eq!(i64::from(weekday(year, month, day)), (number + 4) % 7 + 1);
            day += 1;
            if day > month_length(year, month) {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
    }
}
