//! The extensions of an execution environment, as the Extensions API knows them.

use std::sync::Arc;

use uuid::Uuid;

use crate::environment::{Environment, Fault, Running, Shutdown, fresh_id};

/// How many extensions one function may have.
const MOST: usize = 10;

/// One extension.
#[derive(Clone, Debug)]
pub(crate) struct Extension {
    pub(crate) name: String,
    pub(crate) id: Uuid,
    /// A process of its own, started from `/opt/extensions`, rather than a part of the runtime's.
    pub(crate) external: bool,
    pub(crate) invoke: bool,
    pub(crate) shutdown: bool,
    pub(crate) stage: Stage,
}

/// Where an extension is between two events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Its process was started, it has yet to register.
    Expected,
    Registered,
    /// It waits for an event.
    Ready,
    /// There is an event that it has not fetched.
    Pending,
    /// It works on an event.
    Running,
    /// It knows of the end.
    Ending,
    /// It is done with everything, or failed.
    Done,
}

/// What an extension is told next.
pub(crate) enum Event {
    Invoke(Arc<Running>),
    Shutdown(Shutdown),
}

/// Why the Extensions API refuses something: the type and the message of the error.
#[derive(Debug)]
pub(crate) struct Denied {
    pub(crate) error_type: &'static str,
    pub(crate) message: String,
}

impl Extension {
    /// An external extension that is about to be started.
    pub(crate) fn expected(name: &str) -> Self {
        Self::new(name, true, Stage::Expected)
    }

    fn new(name: &str, external: bool, stage: Stage) -> Self {
        Self { name: name.to_owned(), id: fresh_id(), external, invoke: false, shutdown: false, stage }
    }
}

impl Environment {
    /// An extension registers for events by name. The answer is its identifier.
    pub(crate) fn register(&self, name: &str, events: &[String]) -> Result<Uuid, Denied> {
        if name.is_empty() {
            return Err(denied("Extension.InvalidExtensionName", "Empty extension name"));
        }
        let mut state = self.state();
        let external = state.extensions.iter().position(|it| it.external && it.name == name);
        for event in events {
            match (event.as_str(), external) {
                ("INVOKE", _) | ("SHUTDOWN", Some(_)) => {}
                ("SHUTDOWN", None) => {
                    return Err(denied(
                        "Extension.InvalidEventType",
                        "SHUTDOWN: internal extensions cannot register for it",
                    ));
                }
                _ => return Err(denied("Extension.InvalidEventType", &format!("{event}: there is no such event"))),
            }
        }
        let index = match external {
            Some(index) if state.extensions[index].stage == Stage::Expected => index,
            Some(_) => return Err(taken()),
            None if state.initialised => {
                return Err(denied("Extension.RegistrationClosed", "Extension registration closed already"));
            }
            None if state.extensions.iter().any(|it| it.name == name) => return Err(taken()),
            None if state.extensions.len() >= MOST => {
                return Err(denied("Extension.TooManyExtensions", &format!("Extension limit ({MOST}) reached")));
            }
            None => {
                state.extensions.push(Extension::new(name, false, Stage::Registered));
                state.extensions.len() - 1
            }
        };
        let extension = &mut state.extensions[index];
        extension.stage = Stage::Registered;
        extension.invoke = events.iter().any(|event| event == "INVOKE");
        extension.shutdown = events.iter().any(|event| event == "SHUTDOWN");
        Ok(extension.id)
    }

    /// An extension is done with what it had and asks for the next event, waiting until there is one.
    pub(crate) async fn extension_next(&self, id: Uuid) -> Result<Event, Denied> {
        {
            let mut state = self.state();
            let extension = state.extensions.iter_mut().find(|it| it.id == id).ok_or_else(|| unknown(id))?;
            extension.stage = match extension.stage {
                Stage::Registered | Stage::Ready | Stage::Running => Stage::Ready,
                Stage::Pending => Stage::Pending,
                Stage::Ending => Stage::Done,
                Stage::Expected | Stage::Done => return Err(wrong_state(extension)),
            };
            state.settle();
        }
        self.announce();
        let event = self.until(|state| {
            let shutdown = state.shutdown;
            let invocation = state.current();
            let extension = state.extensions.iter_mut().find(|it| it.id == id)?;
            match (extension.stage, shutdown, invocation) {
                (Stage::Ready | Stage::Pending, Some(shutdown), _) if extension.shutdown => {
                    extension.stage = Stage::Ending;
                    Some(Event::Shutdown(shutdown))
                }
                (Stage::Pending, None, Some(running)) => {
                    extension.stage = Stage::Running;
                    Some(Event::Invoke(running))
                }
                _ => None,
            }
        });
        Ok(event.await)
    }

    /// An extension could not start (`init`) or has to end, and says why.
    pub(crate) fn extension_failed(&self, id: Uuid, error_type: &str, init: bool) -> Result<(), Denied> {
        let mut state = self.state();
        let ending = state.shutdown.is_some();
        let extension = state.extensions.iter_mut().find(|it| it.id == id).ok_or_else(|| unknown(id))?;
        let allowed = match extension.stage {
            Stage::Registered => true,
            Stage::Expected | Stage::Done => false,
            _ => !init,
        };
        if !allowed {
            return Err(wrong_state(extension));
        }
        extension.stage = Stage::Done;
        let name = extension.name.clone();
        drop(state);
        if ending {
            self.announce();
        } else {
            self.fail(Fault::Extension { name, error_type: error_type.to_owned() });
        }
        Ok(())
    }
}

fn denied(error_type: &'static str, message: &str) -> Denied {
    Denied { error_type, message: message.to_owned() }
}

fn taken() -> Denied {
    denied("Extension.InvalidExtensionState", "Extension with this name already registered")
}

fn unknown(id: Uuid) -> Denied {
    denied("Extension.UnknownExtensionIdentifier", &format!("Unknown extension {id}"))
}

fn wrong_state(extension: &Extension) -> Denied {
    let message = format!("Extension {} cannot do this in its state, {:?}", extension.name, extension.stage);
    denied("Extension.InvalidExtensionState", &message)
}
