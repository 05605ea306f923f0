//! Why a container ended.

use super::{Code, Diagnosis};
use slipway_lang::service::{Compute, Service};

/// How a container ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Its exit code; 128 and the number of the signal where a signal ended it.
    pub code: Option<i64>,
    /// Whether it took more memory than it may.
    pub out_of_memory: bool,
    /// What the engine says about it.
    pub error: Option<String>,
}

impl Ended {
    /// What happened, in a few words.
    pub fn words(&self) -> String {
        if self.out_of_memory {
            return "it took more memory than it may".to_owned();
        }
        match self.code {
            Some(0) => "it ended by itself, with exit code 0".to_owned(),
            Some(126) => "exit code 126: the program cannot be executed".to_owned(),
            Some(127) => "exit code 127: the program was not found".to_owned(),
            Some(code @ 129..=192) => format!("exit code {code}: {}", signal_words(code - 128)),
            Some(code) => format!("exit code {code}"),
            None => "how it ended is not known".to_owned(),
        }
    }

    /// The diagnosis of an end that nobody asked for, with the last lines that the container wrote.
    pub fn diagnosis(&self, service: &Service, last_lines: Vec<String>) -> Diagnosis {
        let name = &service.name;
        let has =
            |words: &[&str]| last_lines.iter().chain(&self.error).any(|line| words.iter().any(|w| line.contains(w)));
        if self.out_of_memory {
            let (key, memory) = match &service.compute {
                Compute::Lambda { memory, .. } => ("awsLambda", memory),
                Compute::Fargate { memory, .. } => ("awsFargateEcs", memory),
            };
            return Diagnosis::of(
                name,
                Code::OutOfMemory,
                format!("It took more than the {memory} MB of `compute.{key}.memory` and was ended."),
            )
            .evidence(last_lines)
            .remedy("Raise the memory, or let the program use less. Deployed, it would be ended in the same way.");
        }
        if has(&["exec format error", "Exec format error"]) {
            return Diagnosis::of(name, Code::ExecFormat, "Its program is made for another processor than this machine's.")
                .evidence(last_lines)
                .remedy("Build the image for this machine: leave `--platform` out of the Dockerfile's FROM, or run with emulation set up.");
        }
        if has(&["EADDRINUSE", "Address already in use", "address already in use"]) {
            return Diagnosis::of(name, Code::AddressInUseInside, "The address that it wants to listen on is taken.")
                .evidence(last_lines)
                .remedy("Let it listen on the port in the variable PORT, and start only one server.");
        }
        let diagnosis =
            Diagnosis::of(name, Code::ContainerExited, format!("It ended: {}.", self.words())).evidence(last_lines);
        match self.code {
            Some(126 | 127) => diagnosis.remedy(
                "Look at CMD and ENTRYPOINT of the Dockerfile: the program has to be in the image, and executable.",
            ),
            Some(0) => diagnosis.remedy("A container has to keep running: start the server in the foreground."),
            _ => diagnosis,
        }
    }
}

fn signal_words(signal: i64) -> String {
    match signal {
        4 => "it executed an illegal instruction".to_owned(),
        6 => "it aborted itself".to_owned(),
        9 => "it was killed".to_owned(),
        11 => "it crashed at an invalid memory address".to_owned(),
        15 => "it was told to stop".to_owned(),
        other => format!("signal {other} ended it"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_explained() {
        for (code, expected) in [
            (0, "it ended by itself, with exit code 0"),
            (1, "exit code 1"),
            (126, "exit code 126: the program cannot be executed"),
            (127, "exit code 127: the program was not found"),
            (137, "exit code 137: it was killed"),
            (139, "exit code 139: it crashed at an invalid memory address"),
            (143, "exit code 143: it was told to stop"),
        ] {
            assert_eq!(Ended { code: Some(code), ..Ended::default() }.words(), expected);
        }
        let ended = Ended { code: Some(137), out_of_memory: true, error: None };
        assert_eq!(ended.words(), "it took more memory than it may");
    }
}
