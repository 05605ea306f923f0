//! Names that containers of everyday services have on developers' machines.

/// Names of official images and of the usual local stand-ins: whoever runs one, runs it under this name.
const COMMON: &[&str] = &[
    "adminer",
    "caddy",
    "cassandra",
    "clickhouse",
    "consul",
    "dynamodb",
    "dynamodb-local",
    "elasticsearch",
    "etcd",
    "grafana",
    "haproxy",
    "httpd",
    "influxdb",
    "jaeger",
    "jenkins",
    "kafka",
    "keycloak",
    "kibana",
    "localstack",
    "mailhog",
    "mailpit",
    "mariadb",
    "memcached",
    "minio",
    "mongo",
    "mongodb",
    "mysql",
    "nats",
    "neo4j",
    "nginx",
    "opensearch",
    "pgadmin",
    "portainer",
    "postgres",
    "postgresql",
    "prometheus",
    "rabbitmq",
    "redis",
    "registry",
    "selenium",
    "traefik",
    "valkey",
    "vault",
    "zipkin",
    "zookeeper",
];

/// Whether a container of this name may well run on a developer's machine already.
pub fn is_common(name: &str) -> bool {
    COMMON.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_names_are_known() {
        assert!(COMMON.is_sorted());
        for name in ["redis", "postgres", "mysql", "mongo", "nginx", "adminer", "zookeeper"] {
            assert!(is_common(name), "{name}");
        }
        for name in ["api", "Redis", "redis-api", "db", ""] {
            assert!(!is_common(name), "{name}");
        }
    }
}
