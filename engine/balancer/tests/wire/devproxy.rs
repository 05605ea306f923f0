use slipway_balancer::Settings;
use slipway_lang::routing::Profile;

use crate::support::{Server, Site, ok};

async fn site_of(server: &Server) -> Site {
    let site = Site::routing(&[("web", "/web/*")], Profile::Devproxy, Settings::default(), |_| Vec::new()).await;
    site.groups[0].register(server.address);
    site
}

#[tokio::test]
async fn alb_090_a_pattern_is_a_prefix_of_path_and_query() {
    let server = Server::answering(|_| ok("")).await;
    let routes = [("query", "/a?b*"), ("all", "/*")];
    let site = Site::routing(&routes, Profile::Devproxy, Settings::default(), |_| Vec::new()).await;
    site.groups.iter().for_each(|group| {
        group.register(server.address);
    });
    for (count, (path, container)) in [("/a?bc", "query"), ("/a", "all"), ("/axb", "all")].into_iter().enumerate() {
        site.get(path).await;
        assert_eq!(site.notes.exchange(count + 1).await.container.as_deref(), Some(container), "{path}");
    }
}

#[tokio::test]
async fn alb_091_the_target_gets_its_own_name_and_nothing_is_added() {
    let server = Server::answering(|_| ok("")).await;
    let site = site_of(&server).await;
    site.ask("GET /web/ HTTP/1.1\r\nHost: localhost:3000\r\nUpgrade: websocket\r\nConnection: upgrade\r\nA: b\r\n\r\n")
        .await;
    let request = server.last();
    let fields: Vec<(&str, &str)> =
        request.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(fields, [("Host", "web:8080"), ("A", "b")]);
}

#[tokio::test]
async fn alb_091_errors_are_502_with_their_text() {
    let server = Server::answering(|_| Vec::new()).await;
    let site = site_of(&server).await;
    let answer = site.get("/web/").await;
    assert_eq!(answer.status(), 502);
    assert!(answer.text().contains("without an answer"), "{}", answer.text());
}

#[tokio::test]
async fn alb_062_unmatched_requests_get_a_404() {
    let server = Server::answering(|_| ok("")).await;
    let answer = site_of(&server).await.get("/other").await;
    assert_eq!((answer.status(), answer.text().as_str()), (404, "Not Found"));
}
