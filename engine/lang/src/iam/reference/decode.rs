//! The packed table and how it is read.
//!
//! After [`MAGIC`] and the unpacked length (four bytes, little-endian) comes one zlib stream. Inside it are columns, each with
//! its length before it, since like packs best beside like. Numbers are of variable length, seven bits a byte, the lowest
//! first. A column of texts has for each text how much it shares with the one before it, how long the rest is, and the rest.
//!
//! | column | what is in it |
//! | --- | --- |
//! | prefixes, titles | texts, one a service; the very first prefix is the date of the data |
//! | keys | texts, each with its kind (shifted left by one; the lowest bit says that it has many values) in the column key kinds |
//! | types, formats | texts: resource types service by service, and their ARN formats |
//! | actions | texts, service by service |
//! | bare names | texts, service by service |
//! | counts | for each service the number of its actions, types, keys and bare names; for each type the number of its formats |
//! | service keys | for each service its keys, as differences of places among all keys |
//! | sets | for each service the sets of keys, of types and of dependents that its rows name by number; a set is its size and its members as differences; members are places among the keys and types of the service, and among all dependents; types are shifted left by one, the lowest bit says "required" |
//! | type keys | for each type its set of keys |
//! | levels, action types, action keys, action dependents | for each action its level and its sets |
//! | dependents | pairs of places: the service, and the action in it |

use std::fmt;

use miniz_oxide::inflate::decompress_slice_iter_to_slice;

use super::{AccessLevel, ActionRow, KeyKind, KeyRow, Reference, Rows, ServiceRow, Sets, Text, TypeRow};

/// How a packed table begins. The digits are the version of the layout.
pub const MAGIC: [u8; 8] = *b"SLIPIAM1";

/// No table of this kind unpacks to more: several times what the published one does.
const LONGEST: usize = 16 << 20;

/// Why a packed table cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(&'static str);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is no IAM reference that can be used: {}", self.0)
    }
}

impl std::error::Error for Malformed {}

/// Reads a packed table.
pub(super) fn decode(packed: &[u8]) -> Result<Reference, Malformed> {
    let unpacked = unpack(packed)?;
    let mut columns = Reader(&unpacked);
    let mut column = || columns.block();
    let (prefixes, titles) = (column()?, column()?);
    let (keys, key_kinds) = (column()?, column()?);
    let (types, formats) = (column()?, column()?);
    let (actions, bare_names) = (column()?, column()?);
    let counts = column()?;
    let (service_keys, sets, type_keys) = (column()?, column()?, column()?);
    let (levels, action_types, action_keys, action_dependents) = (column()?, column()?, column()?, column()?);
    let dependents = column()?;
    if !columns.is_empty() {
        return Err(Malformed("something follows its end"));
    }

    // The texts take about half as much again as the packed columns.
    let mut arena = Arena(Vec::with_capacity(unpacked.len() * 2));
    let mut prefixes = arena.texts(prefixes)?;
    let titles = arena.texts(titles)?;
    if prefixes.len() != titles.len() + 1 {
        return Err(Malformed("services and their titles differ in number"));
    }
    let date = prefixes.remove(0);
    let key_names = arena.texts(keys)?;
    let type_names = arena.texts(types)?;
    let formats = arena.texts(formats)?;
    let action_names = arena.texts(actions)?;
    let bare_names = arena.texts(bare_names)?;

    let mut kinds = Reader(key_kinds);
    let keys = key_names.into_iter().map(|name| {
        let kind = kinds.number()?;
        let row = KeyRow { name, kind: *at(&KeyKind::ALL, kind >> 1)?, multivalued: kind & 1 == 1 };
        Ok(row)
    });
    let keys: Vec<KeyRow> = keys.collect::<Result<_, Malformed>>()?;

    let mut table = Reference {
        text: String::new(),
        date,
        services: Vec::with_capacity(titles.len()),
        actions: Vec::with_capacity(action_names.len()),
        types: Vec::with_capacity(type_names.len()),
        formats,
        keys,
        service_keys: Vec::new(),
        dependents: Vec::new(),
        bare_names,
        type_sets: Sets::default(),
        key_sets: Sets::default(),
        dependent_sets: Sets::default(),
    };
    let mut rows = RowColumns {
        counts: Reader(counts),
        service_keys: Reader(service_keys),
        sets: Reader(sets),
        type_keys: Reader(type_keys),
        levels: Reader(levels),
        action_types: Reader(action_types),
        action_keys: Reader(action_keys),
        action_dependents: Reader(action_dependents),
        next_bare_name: 0,
        next_format: 0,
        highest_dependent: None,
    };
    for (prefix, title) in prefixes.into_iter().zip(titles) {
        rows.service(&mut table, prefix, title, (&type_names, &action_names))?;
    }
    rows.finish(&table, type_names.len(), action_names.len())?;
    table.dependents = dependent_names(&table, &mut arena, dependents)?;
    if rows.highest_dependent.is_some_and(|highest| highest as usize >= table.dependents.len()) {
        return Err(OUT_OF_RANGE);
    }
    arena.0.shrink_to_fit();
    table.text = String::from_utf8(arena.0).map_err(|_| Malformed("its texts are not UTF-8"))?;
    Ok(table)
}

fn unpack(packed: &[u8]) -> Result<Vec<u8>, Malformed> {
    let Some(rest) = packed.strip_prefix(&MAGIC) else {
        return Err(Malformed("it does not begin as one does, or is of another version"));
    };
    let Some((length, stream)) = rest.split_first_chunk::<4>() else {
        return Err(ENDS_EARLY);
    };
    let length = u32::from_le_bytes(*length) as usize;
    if length > LONGEST {
        return Err(Malformed("it claims to be larger than any can be"));
    }
    let mut unpacked = vec![0; length];
    match decompress_slice_iter_to_slice(&mut unpacked, std::iter::once(stream), true, false) {
        Ok(written) if written == length => Ok(unpacked),
        Ok(_) => Err(ENDS_EARLY),
        Err(_) => Err(Malformed("it is damaged")),
    }
}

const ENDS_EARLY: Malformed = Malformed("it ends early");
const OUT_OF_RANGE: Malformed = Malformed("it points at something that is not there");

fn at<T>(list: &[T], place: u32) -> Result<&T, Malformed> {
    list.get(place as usize).ok_or(OUT_OF_RANGE)
}

/// The columns that are read service by service.
struct RowColumns<'a> {
    counts: Reader<'a>,
    service_keys: Reader<'a>,
    sets: Reader<'a>,
    type_keys: Reader<'a>,
    levels: Reader<'a>,
    action_types: Reader<'a>,
    action_keys: Reader<'a>,
    action_dependents: Reader<'a>,
    next_bare_name: u32,
    next_format: u32,
    highest_dependent: Option<u32>,
}

impl RowColumns<'_> {
    /// Reads the rows of the next service.
    fn service(
        &mut self,
        table: &mut Reference,
        prefix: Text,
        title: Text,
        (type_names, action_names): (&[Text], &[Text]),
    ) -> Result<(), Malformed> {
        let row = u16::try_from(table.services.len()).map_err(|_| Malformed("it has too many services"))?;
        let [actions, types, keys, bare_names] =
            [self.counts.number()?, self.counts.number()?, self.counts.number()?, self.counts.number()?];

        let all_keys = table.keys.len() as u32;
        let first_key = table.service_keys.len();
        self.service_keys
            .members(keys, &mut table.service_keys, |key| if key < all_keys { Ok(key) } else { Err(OUT_OF_RANGE) })?;
        let own_keys = &table.service_keys[first_key..];
        let key_set = self.sets.sets(&mut table.key_sets, |key| at(own_keys, key).copied())?;
        let first_type = table.types.len() as u32;
        let type_set = self.sets.sets(&mut table.type_sets, |item| {
            let place = item >> 1;
            if place < types { Ok((first_type + place) << 1 | item & 1) } else { Err(OUT_OF_RANGE) }
        })?;
        let highest = &mut self.highest_dependent;
        let dependent_set = self.sets.sets(&mut table.dependent_sets, |dependent| {
            *highest = (*highest).max(Some(dependent));
            Ok(dependent)
        })?;

        for place in 0..types {
            let formats = self.counts.number()?;
            let formats = take(&mut self.next_format, formats, table.formats.len())?;
            let name = *at(type_names, first_type + place)?;
            table.types.push(TypeRow { name, formats, keys: key_set.of(self.type_keys.number()?)? });
        }
        let first_action = table.actions.len() as u32;
        for place in 0..actions {
            table.actions.push(ActionRow {
                name: *at(action_names, first_action + place)?,
                service: row,
                level: *at(&AccessLevel::ALL, self.levels.number()?)?,
                types: type_set.of(self.action_types.number()?)?,
                keys: key_set.of(self.action_keys.number()?)?,
                dependents: dependent_set.of(self.action_dependents.number()?)?,
            });
        }
        let bare_names = take(&mut self.next_bare_name, bare_names, table.bare_names.len())?;
        table.services.push(ServiceRow {
            prefix,
            title,
            actions: Rows { start: first_action, end: table.actions.len() as u32 },
            types: Rows { start: first_type, end: table.types.len() as u32 },
            keys: Rows { start: first_key as u32, end: table.service_keys.len() as u32 },
            bare_names,
        });
        Ok(())
    }

    /// Whether the rows took all there is.
    fn finish(&self, table: &Reference, types: usize, actions: usize) -> Result<(), Malformed> {
        let rest = [
            &self.counts,
            &self.service_keys,
            &self.sets,
            &self.type_keys,
            &self.levels,
            &self.action_types,
            &self.action_keys,
            &self.action_dependents,
        ];
        let all = rest.iter().all(|column| column.is_empty())
            && table.types.len() == types
            && table.actions.len() == actions
            && table.formats.len() == self.next_format as usize
            && table.bare_names.len() == self.next_bare_name as usize;
        if all { Ok(()) } else { Err(Malformed("its columns differ in length")) }
    }
}

/// The next rows of a list.
fn take(next: &mut u32, count: u32, length: usize) -> Result<Rows, Malformed> {
    let start = *next;
    let end = start.checked_add(count).filter(|end| *end as usize <= length).ok_or(OUT_OF_RANGE)?;
    *next = end;
    Ok(Rows { start, end })
}

/// Spells out `prefix:Name` of the actions that others depend on.
fn dependent_names(table: &Reference, arena: &mut Arena, column: &[u8]) -> Result<Vec<Text>, Malformed> {
    let mut places = Reader(column);
    let mut names = Vec::new();
    while !places.is_empty() {
        let service = at(&table.services, places.number()?)?;
        let action = at(&table.actions[service.actions.range()], places.number()?)?;
        let start = arena.0.len();
        arena.repeat(service.prefix);
        arena.0.push(b':');
        arena.repeat(action.name);
        names.push(arena.since(start));
    }
    Ok(names)
}

/// Where the sets of a service are among all sets.
struct SetNumbers {
    first: u32,
    count: u32,
}

impl SetNumbers {
    fn of(&self, set: u32) -> Result<u16, Malformed> {
        if set < self.count {
            return u16::try_from(self.first + set).map_err(|_| Malformed("it has too many sets"));
        }
        Err(OUT_OF_RANGE)
    }
}

/// What is left of a column.
#[derive(Clone, Copy)]
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn number(&mut self) -> Result<u32, Malformed> {
        let (byte, rest) = self.0.split_first().ok_or(ENDS_EARLY)?;
        self.0 = rest;
        if byte & 0x80 == 0 { Ok(u32::from(*byte)) } else { self.rest_of_number(u32::from(byte & 0x7f)) }
    }

    fn rest_of_number(&mut self, mut number: u32) -> Result<u32, Malformed> {
        for shift in [7, 14, 21] {
            let (byte, rest) = self.0.split_first().ok_or(ENDS_EARLY)?;
            self.0 = rest;
            number |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Malformed("it has a number that is too large"))
    }

    fn bytes(&mut self, count: u32) -> Result<&'a [u8], Malformed> {
        let (bytes, rest) = self.0.split_at_checked(count as usize).ok_or(ENDS_EARLY)?;
        self.0 = rest;
        Ok(bytes)
    }

    fn block(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.number()?;
        self.bytes(length)
    }

    /// Numbers that are written as differences; each names a place.
    fn members(
        &mut self,
        count: u32,
        places: &mut Vec<u32>,
        mut place: impl FnMut(u32) -> Result<u32, Malformed>,
    ) -> Result<(), Malformed> {
        let mut member: u32 = 0;
        for _ in 0..count {
            member = member.checked_add(self.number()?).ok_or(OUT_OF_RANGE)?;
            places.push(place(member)?);
        }
        Ok(())
    }

    /// The sets of a service.
    fn sets(
        &mut self,
        sets: &mut Sets,
        mut place: impl FnMut(u32) -> Result<u32, Malformed>,
    ) -> Result<SetNumbers, Malformed> {
        let (first, count) = (sets.ends.len() as u32, self.number()?);
        for _ in 0..count {
            let size = self.number()?;
            self.members(size, &mut sets.items, &mut place)?;
            sets.ends.push(sets.items.len() as u32);
        }
        Ok(SetNumbers { first, count })
    }
}

/// The texts read so far.
struct Arena(Vec<u8>);

impl Arena {
    fn since(&self, start: usize) -> Text {
        Text { start: start as u32, end: self.0.len() as u32 }
    }

    fn repeat(&mut self, text: Text) {
        self.0.extend_from_within(text.start as usize..text.end as usize);
    }

    /// Reads a column of texts.
    fn texts(&mut self, column: &[u8]) -> Result<Vec<Text>, Malformed> {
        let mut column = Reader(column);
        // Most texts take more than eight bytes.
        let mut texts = Vec::with_capacity(column.0.len() / 8);
        let mut before = Text { start: 0, end: 0 };
        while !column.is_empty() {
            let shared =
                before.start.checked_add(column.number()?).filter(|end| *end <= before.end).ok_or(OUT_OF_RANGE)?;
            let rest = column.block()?;
            if self.0.len() > LONGEST {
                return Err(Malformed("its texts are longer than any can be"));
            }
            let start = self.0.len();
            self.repeat(Text { end: shared, ..before });
            self.0.extend_from_slice(rest);
            before = self.since(start);
            texts.push(before);
        }
        Ok(texts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The columns of a table with two services, one of which has only a bare name.
    fn columns() -> [Vec<u8>; 17] {
        [
            texts(&["2026-01-31", "ab", "s3"]),
            texts(&["A title", "Another"]),
            texts(&["aws:TagKeys", "s3:x/${Key}"]),
            vec![1, 2],
            texts(&["bucket", "object"]),
            texts(&["arn:a", "arn:b", "arn:c"]),
            texts(&["GetBucket", "GetObject"]),
            texts(&["dolater"]),
            vec![0, 0, 0, 1, 2, 2, 2, 0, 1, 2],
            vec![0, 1],
            // No sets; then two sets of keys, two of types, two of dependents.
            vec![0, 0, 0, 2, 0, 2, 0, 1, 2, 1, 1, 2, 0, 2, 2, 0, 1, 0],
            vec![0, 1],
            vec![1, 4],
            vec![0, 1],
            vec![1, 0],
            vec![0, 1],
            vec![1, 1],
        ]
    }

    fn texts(texts: &[&str]) -> Vec<u8> {
        texts.iter().flat_map(|text| [&[0, text.len() as u8], text.as_bytes()].concat()).collect()
    }

    fn unpacked(columns: &[Vec<u8>]) -> Vec<u8> {
        columns.iter().flat_map(|column| [&[column.len() as u8], &column[..]].concat()).collect()
    }

    fn pack(unpacked: &[u8]) -> Vec<u8> {
        let length = (unpacked.len() as u32).to_le_bytes();
        [&MAGIC[..], &length, &miniz_oxide::deflate::compress_to_vec_zlib(unpacked, 1)].concat()
    }

    /// Goes everywhere a handle leads.
    fn walk(reference: &Reference) -> String {
        let mut text = reference.date().to_owned();
        for service in reference.services() {
            let names: Vec<&str> = service.bare_names().collect();
            text.push_str(&format!("; {} {} {names:?}", service.prefix(), service.title()));
            let keys: Vec<_> = service.keys().collect();
            text.push_str(&format!(" {keys:?}"));
            for kind in service.resource_types() {
                let (formats, keys): (Vec<&str>, Vec<_>) = (kind.arn_formats().collect(), kind.keys().collect());
                text.push_str(&format!(" {} {formats:?} {}", kind.name(), keys.len()));
            }
            for action in service.actions() {
                let types: Vec<_> = action.resource_types().collect();
                let dependents: Vec<_> = action.dependents().collect();
                text.push_str(&format!(
                    " {action} {} {types:?} {} {dependents:?}",
                    action.level(),
                    action.keys().len()
                ));
            }
        }
        text
    }

    #[test]
    fn a_table_is_read() {
        let reference = Reference::parse(&pack(&unpacked(&columns()))).unwrap();
        assert_eq!(
            walk(&reference),
            "2026-01-31; ab A title [\"dolater\"] []; s3 Another [] \
             [Key { name: \"aws:TagKeys\", kind: String, multivalued: true }, \
             Key { name: \"s3:x/${Key}\", kind: Arn, multivalued: false }] \
             bucket [\"arn:a\"] 0 object [\"arn:b\", \"arn:c\"] 2 \
             s3:GetBucket Read [(ResourceType(bucket), true)] 2 [] \
             s3:GetObject Permissions management [(ResourceType(bucket), false), (ResourceType(object), false)] 0 \
             [\"s3:GetObject\"]"
        );
    }

    /// What arrives damaged is refused, and what was made wrong on purpose at least leads nowhere.
    #[test]
    fn no_bytes_do_harm() {
        let (whole, packed) = (unpacked(&columns()), pack(&unpacked(&columns())));
        for length in 0..packed.len() {
            assert!(Reference::parse(&packed[..length]).is_err(), "cut at {length}");
        }
        for place in 0..packed.len() {
            let mut damaged = packed.clone();
            damaged[place] ^= 0x55;
            assert!(Reference::parse(&damaged).is_err(), "damaged at {place}");
        }
        let mut refused = 0;
        for place in 0..whole.len() {
            for byte in (0..8).chain([0x7f, 0x80, 0xff]) {
                let mut wrong = whole.clone();
                wrong[place] = byte;
                match Reference::parse(&pack(&wrong)) {
                    Ok(reference) => drop(walk(&reference)),
                    Err(_) => refused += 1,
                }
            }
        }
        assert!(refused > whole.len(), "{refused}");
    }

    #[test]
    fn an_error_says_what_is_wrong() {
        let table = unpacked(&columns());
        let with = |column: usize, bytes: &[u8]| {
            let mut columns = columns();
            columns[column] = bytes.to_vec();
            pack(&unpacked(&columns))
        };
        for (packed, expected) in [
            (b"{}".to_vec(), "does not begin as one does"),
            (MAGIC.to_vec(), "ends early"),
            ([&MAGIC[..], &[0xff; 8]].concat(), "larger than any can be"),
            ([&pack(&table)[..20], &[0; 40]].concat(), "damaged"),
            (pack(&[&table[..], &[0]].concat()), "something follows its end"),
            (with(1, &texts(&["A title"])), "differ in number"),
            (with(3, &[1, 99]), "points at something"),
            (with(3, &[1, 0xff, 0xff, 0xff, 0xff, 1]), "too large"),
            (with(12, &[1, 9]), "points at something"),
            (with(12, &[1, 4, 1]), "differ in length"),
            (with(16, &[]), "points at something"),
            (with(16, &[1, 2]), "points at something"),
            (with(6, &[0, 1, 0xff, 0, 1, b'x']), "not UTF-8"),
        ] {
            let error = Reference::parse(&packed).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(error.contains(expected), "{expected}: {error}");
        }
    }
}
