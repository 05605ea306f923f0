//! How events look to people.

use std::collections::BTreeMap;

use anstyle::{AnsiColor, Style};
use slipway_dev::diagnosis::{Diagnosis, Severity};
use slipway_dev::event::{Event, Health, Phase, RequestRow, RouteRow, Stamped, Stream};

use crate::cli::output::{Output, visible};

const FAINT: Style = Style::new().dimmed();
const BOLD: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
const HELP: Style = AnsiColor::BrightCyan.on_default().bold();
/// Told apart in light and dark.
const COLOURS: [AnsiColor; 5] =
    [AnsiColor::Cyan, AnsiColor::Magenta, AnsiColor::Blue, AnsiColor::Green, AnsiColor::Yellow];

/// Prints events.
pub(super) struct Console {
    json: bool,
    debug: bool,
    /// The containers seen so far, and the width of the longest name.
    names: BTreeMap<String, usize>,
    width: usize,
}

impl Console {
    pub(super) fn new(json: bool, debug: bool) -> Self {
        Self { json, debug, names: BTreeMap::new(), width: 0 }
    }

    /// Prints an event. Answers whether somebody still reads.
    pub(super) fn print(&mut self, stamped: &Stamped, output: &mut Output) -> bool {
        if self.json {
            return output.stream(&(stamped.json() + "\n"));
        }
        let text = self.told(&stamped.event);
        match (text, &stamped.event) {
            (None, _) => true,
            (Some(text), Event::Log { .. } | Event::Request(_) | Event::Ready { .. }) => output.stream(&text),
            (Some(text), _) => {
                output.progress(text.trim_end());
                true
            }
        }
    }

    fn told(&mut self, event: &Event) -> Option<String> {
        Some(match event {
            Event::Ready { proxy, control, runtime, routes } => ready(proxy, control.as_deref(), runtime, routes),
            // One request would be four lines; those of failures come as notes.
            Event::Log { stream: Stream::Platform, .. } if !self.debug => return None,
            Event::Log { container, stream, line } => {
                let style =
                    if *stream == Stream::Stderr { WARNING.effects(anstyle::Effects::new()) } else { Style::new() };
                format!("{} {style}{}{style:#}\n", self.name(container), visible(line))
            }
            Event::Request(request) => self.request(request),
            Event::Build { phase: Phase::Started, .. } | Event::Stopped => return None,
            Event::Build { container, phase: Phase::Ready, duration_ms } => {
                // What takes no time is not worth a line.
                duration_ms.filter(|ms| *ms > 500 || self.debug)?;
                format!("{} {FAINT}built{}{FAINT:#}", self.name(container), took(*duration_ms))
            }
            Event::Build { container, phase: Phase::Failed, .. } => {
                format!("{} {ERROR}build failed{ERROR:#}", self.name(container))
            }
            Event::Reload { container, reason, phase, duration_ms } => {
                let name = self.name(container);
                match phase {
                    Phase::Started => format!("{name} {FAINT}{}: reloading{FAINT:#}", visible(reason)),
                    Phase::Ready => format!("{name} {GOOD}reloaded{GOOD:#}{}", took(*duration_ms)),
                    Phase::Failed => format!("{name} {ERROR}reload failed{ERROR:#}{}", took(*duration_ms)),
                }
            }
            Event::Health { container, status, detail } => {
                let name = self.name(container);
                match status {
                    Health::Healthy => format!("{name} {GOOD}healthy{GOOD:#}"),
                    Health::Initial => return None,
                    Health::Unhealthy => {
                        let detail =
                            detail.as_deref().map(|detail| format!(": {}", visible(detail))).unwrap_or_default();
                        format!("{name} {ERROR}unhealthy{ERROR:#}{detail}")
                    }
                }
            }
            Event::Exit { container, detail, .. } => {
                format!("{} {ERROR}ended{ERROR:#}: {detail}", self.name(container))
            }
            Event::Diagnosis(diagnosis) => self.diagnosis(diagnosis),
            Event::Note { container, message } => {
                let name = container.as_ref().map(|name| self.name(name) + " ").unwrap_or_default();
                format!("{name}{FAINT}{}{FAINT:#}", visible(message))
            }
            Event::Stopping { .. } => format!("{FAINT}Stopping the containers.{FAINT:#}"),
        })
    }

    fn request(&mut self, request: &RequestRow) -> String {
        let name = match &request.container {
            Some(container) => self.name(container),
            None => self.name("-"),
        };
        let style = match request.status {
            500.. => ERROR,
            400.. => WARNING,
            _ => GOOD,
        };
        let (method, path) = (visible(&request.method), visible(&request.path));
        let RequestRow { status, duration_ms, .. } = request;
        format!("{name} {FAINT}{method} {path}{FAINT:#} {style}{status}{style:#} {FAINT}{duration_ms:.1} ms{FAINT:#}\n")
    }

    fn diagnosis(&mut self, diagnosis: &Diagnosis) -> String {
        let (word, style) = match diagnosis.severity {
            Severity::Error => ("error", ERROR),
            Severity::Warning => ("warning", WARNING),
            Severity::Info => ("note", FAINT),
        };
        let name = diagnosis.container.as_ref().map(|name| format!("{} ", self.name(name))).unwrap_or_default();
        let mut text =
            format!("{name}{style}{word} {}{style:#}: {}\n", diagnosis.code.id(), visible(&diagnosis.message));
        for line in &diagnosis.evidence {
            text.push_str(&format!("    {FAINT}{}{FAINT:#}\n", visible(line)));
        }
        if let Some(place) = &diagnosis.place {
            text.push_str(&format!("    {FAINT}--> {}:{}{FAINT:#}\n", visible(&place.path), place.line + 1));
        }
        if let Some(remedy) = &diagnosis.remedy {
            text.push_str(&format!("    {HELP}help{HELP:#}: {}\n", visible(remedy)));
        }
        text
    }

    /// The name in its colour, padded so that lines stand in columns.
    fn name(&mut self, name: &str) -> String {
        let next = self.names.len();
        let at = *self.names.entry(name.to_owned()).or_insert(next);
        self.width = self.width.max(name.chars().count());
        let style = COLOURS[at % COLOURS.len()].on_default();
        format!("{style}{:width$} |{style:#}", visible(name), width = self.width)
    }
}

fn ready(proxy: &str, control: Option<&str>, runtime: &str, routes: &[RouteRow]) -> String {
    let mut text = format!("\n{BOLD}Ready at {proxy}{BOLD:#} {FAINT}(containers run by: {runtime}){FAINT:#}\n");
    if let Some(control) = control {
        text.push_str(&format!("Dashboard: {control}\n"));
    }
    let width = |of: fn(&RouteRow) -> &str| routes.iter().map(|route| of(route).chars().count()).max().unwrap_or(0);
    let (paths, names) = (width(|route| &route.path_pattern), width(|route| &route.container));
    for route in routes {
        let RouteRow { container, domain, path_pattern, compute, .. } = route;
        let (path_pattern, container) = (visible(path_pattern), visible(container));
        let host = domain.as_deref().map(|domain| format!("  for {}", visible(domain))).unwrap_or_default();
        text.push_str(&format!("  {path_pattern:paths$}  {container:names$}  {FAINT}{compute}{host}{FAINT:#}\n"));
    }
    text + "\n"
}

fn took(duration_ms: Option<u64>) -> String {
    match duration_ms {
        Some(ms @ ..1000) => format!(" {FAINT}in {ms} ms{FAINT:#}"),
        Some(ms) => format!(" {FAINT}in {:.1} s{FAINT:#}", ms as f64 / 1000.0),
        None => String::new(),
    }
}
