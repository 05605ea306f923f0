use axum::http::Uri;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port: u16 = std::env::var("PORT").as_deref().unwrap_or("8080").parse()?;
    let app = Router::new().route("/health", get(health)).fallback(hello);

    // All addresses, because requests reach a container from outside.
    let listener = TcpListener::bind(("0.0.0.0", port)).await?;
    println!("Listening on port {port}");

    // A deployment asks the container to stop before it ends it.
    let mut stop = signal(SignalKind::terminate())?;
    let stopped = async move {
        stop.recv().await;
    };
    axum::serve(listener, app)
        .with_graceful_shutdown(stopped)
        .await?;
    Ok(())
}

async fn health() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

async fn hello(uri: Uri) -> Json<Value> {
    Json(json!({ "message": "Hello from {{name}}", "path": uri.path() }))
}
