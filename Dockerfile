# syntax=docker/dockerfile:1

FROM rust:1.95-bookworm AS build
# --build-arg FEATURES=pg-tls for TLS to PostgreSQL.
ARG FEATURES=""
RUN apt-get update && apt-get install -y --no-install-recommends libssl-dev perl && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY benches benches
COPY migrations migrations
COPY openapi openapi
COPY seeds seeds
COPY src src
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --profile dist --locked --features "$FEATURES" && cp target/dist/springboard /springboard

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin springboard \
    && install -d -o springboard -g springboard -m 0750 /data
COPY --from=build /springboard /usr/local/bin/springboard
COPY LICENSE /usr/share/doc/springboard/LICENSE
USER springboard
WORKDIR /data
VOLUME /data
ENV SPRINGBOARD_LISTEN=0.0.0.0:8080 \
    SPRINGBOARD_DATA=/data \
    SPRINGBOARD_LOG_FORMAT=json \
    DATABASE_URL=sqlite:/data/springboard.db
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["springboard", "healthcheck"]
ENTRYPOINT ["springboard"]
CMD ["serve"]
