use std::path::Path;
use std::time::Duration;

use slipway_balancer::Settings;
use slipway_balancer::settings::Names;
use slipway_lang::routing::Profile;

use crate::support::{Server, Site, ok, soon, until};

/// The fields of a line: words, and quoted texts without their quotes.
fn fields(line: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap(),
            None => rest.split_at(rest.find(' ').unwrap_or(rest.len())),
        };
        fields.push(field.to_owned());
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    fields
}

async fn lines(path: &Path, count: usize) -> Vec<String> {
    until(|| std::fs::read_to_string(path).is_ok_and(|text| text.lines().count() >= count)).await;
    std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

fn logging(folder: &tempfile::TempDir) -> Settings {
    Settings { access_log: Some(folder.path().join("access.log")), ..Settings::default() }
}

#[tokio::test]
async fn alb_407_the_documented_line_is_reproduced() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::answering(|_| ok("hello")).await;
    let names = Names { region: "us-east-2".to_owned(), account: "123456789012".to_owned(), ..Names::default() };
    let settings = Settings { names, ..logging(&folder) };
    let site = Site::routing(&[("my-targets", "/")], Profile::Alb, settings, |_| vec![server.address]).await;
    let mut client = site.connect().await;
    let request = "GET / HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: curl/7.46.0\r\n\r\n";
    client.ask(request).await;
    let line = lines(&folder.path().join("access.log"), 1).await.remove(0);
    let time = |text: &str| text.len() == 27 && text.ends_with('Z') && text.contains('T');
    let got = fields(&line);
    assert!(time(&got[1]) && time(&got[21]), "{line}");
    let id = |text: &str| text.rsplit('/').next().is_some_and(|id| id.len() == 16);
    assert!(id(&got[2]) && id(&got[16]), "{line}");
    let trace = got[17].clone();
    assert!(trace.starts_with("Root=1-") && trace.len() == 40, "{line}");
    let client_address = client.stream.local_addr().unwrap();
    let target = server.address;
    let (balancer, group) = (&got[2], &got[16]);
    let sent = got[11].clone();
    assert!(balancer.starts_with("app/alb-local-dev/"), "{line}");
    assert!(group.starts_with("arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/my-targets/"), "{line}");
    let expected = format!(
        "http {} {balancer} {client_address} {target} {} {} {} 200 200 {} {sent} \"GET http://www.example.com:80/ \
         HTTP/1.1\" \"curl/7.46.0\" - - {group} \"{trace}\" \"-\" \"-\" 100 {} \"forward\" \"-\" \"-\" \"{target}\" \
         \"200\" \"-\" \"-\"",
        got[1],
        got[5],
        got[6],
        got[7],
        request.len(),
        got[21],
    );
    assert_eq!(line, expected);
    for duration in &got[5..8] {
        let (seconds, millis) = duration.split_once('.').unwrap();
        assert!(seconds.parse::<u32>().is_ok() && millis.len() == 3, "{line}");
    }
}

#[tokio::test]
async fn alb_400_to_406_the_fields_of_other_lines() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::answering(|_| ok("hello")).await;
    let site = Site::routing(&[("web", "/only/*")], Profile::Alb, logging(&folder), |_| vec![server.address]).await;
    // What is sent, and fields of the line by their position.
    let cases: [(&str, &[(usize, &str)]); 5] = [
        (
            "GET /nowhere?a=\"b HTTP/1.1\r\nHost: H:81\r\n\r\n",
            &[
                (4, "-"),
                (5, "-1"),
                (6, "-1"),
                (7, "-1"),
                (8, "200"),
                (9, "-"),
                (12, "GET http://H:81/nowhere?a=\\x22b HTTP/1.1"),
                (13, "-"),
                (16, "-"),
                (20, "0"),
                (22, "fixed-response"),
                (25, "-"),
                (26, "-"),
            ],
        ),
        (
            "TRACE /only/ HTTP/1.1\r\nHost: h\r\n\r\n",
            &[(4, "-"), (8, "405"), (9, "-"), (20, "-"), (22, "-"), (12, "TRACE http://h:80/only/ HTTP/1.1")],
        ),
        (
            "GET /only/ HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nUser-Agent: a\\b\r\n\r\n",
            &[(8, "200"), (13, "a\\x5cb"), (20, "100"), (27, "Acceptable"), (28, "GetHeadZeroContentLength")],
        ),
        (
            "POST /only/ HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n",
            &[(8, "400"), (27, "Severe"), (28, "BadContentLength")],
        ),
        ("nonsense\r\n\r\n", &[(8, "400"), (12, "- - -")]),
    ];
    for (request, _) in &cases {
        site.ask(request).await;
    }
    let lines = lines(&folder.path().join("access.log"), cases.len()).await;
    for ((request, expected), line) in cases.iter().zip(&lines) {
        let got = fields(line);
        assert_eq!(got.len(), 29, "{line}");
        for (position, text) in *expected {
            assert_eq!(got[*position], *text, "field {position} of {request:?}: {line}");
        }
    }
}

#[tokio::test]
async fn alb_403_alb_246_clients_that_left_are_logged_and_health_checks_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::scripted(|mut wire, _| async move {
        wire.rest().await;
    })
    .await;
    let site = Site::with(&server, logging(&folder)).await;
    let mut client = site.connect().await;
    client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").await;
    until(|| site.groups[0].targets()[0].outstanding == 1).await;
    drop(client);
    let lines = lines(&folder.path().join("access.log"), 1).await;
    let got = fields(&lines[0]);
    assert_eq!((lines.len(), got[8].as_str(), got[9].as_str()), (1, "460", "-"));
    assert_eq!(got[4], server.address.to_string());
}

#[tokio::test]
async fn alb_409_names_are_shortened_and_ids_stay_the_same() {
    let names =
        Names { project: "a-project-with-a-long-name".to_owned(), stage: "production".to_owned(), ..Names::default() };
    assert_eq!(names.balancer(), "alb-a-project-with-a-long-name-p");
    let line = names.balancer_in_log();
    assert_eq!(line, names.balancer_in_log());
    assert_ne!(names.group_arn("a"), names.group_arn("b"));
}

#[tokio::test]
async fn the_log_of_a_balancer_behind_the_edge_is_the_balancers_own() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::answering(|_| ok("hello")).await;
    let site = Site::routing(&[("web", "/*")], Profile::Edge, logging(&folder), |_| vec![server.address]).await;
    assert_eq!(site.ask("PROPFIND / HTTP/1.1\r\nHost: h\r\n\r\n").await.status(), 403);
    site.get("/p").await;
    let lines = lines(&folder.path().join("access.log"), 1).await;
    let got = fields(&lines[0]);
    assert_eq!((lines.len(), got[3].as_str()), (1, "130.176.0.1:443"));
    assert!(got[12].starts_with("GET http://alb-local-dev-"), "{}", got[12]);
}

#[tokio::test]
async fn stopping_writes_what_is_left_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::answering(|_| ok("hello")).await;
    let site = Site::with(&server, logging(&folder)).await;
    let mut client = site.connect().await;
    client.ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n").await;
    soon(site.balancer.stop(Duration::from_secs(5))).await;
    assert!(client.is_closed().await);
    assert_eq!(lines(&folder.path().join("access.log"), 1).await.len(), 1);
}

#[tokio::test]
async fn fields_and_bodies_are_captured_up_to_a_limit() {
    let server = Server::answering(|_| ok("an answer that is long")).await;
    let site = Site::with(&server, Settings { capture: Some(9), ..Settings::default() }).await;
    site.ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 12\r\n\r\nsome content").await;
    let captured = site.notes.exchange(1).await.captured.unwrap();
    assert_eq!(captured.request_body, b"some cont");
    assert_eq!(captured.response_body, b"an answer");
    assert!(captured.request_fields.contains(&("Host".to_owned(), "h".to_owned())));
    assert!(captured.response_fields.contains(&("Content-Length".to_owned(), "22".to_owned())));
}
