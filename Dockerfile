# Two images: `kairan`, the product (the default), and `line-simulator`, for the demo profile of
# docker-compose.yml.

FROM rust:1.95-slim-bookworm AS source
WORKDIR /src
COPY . .

FROM source AS build-kairan
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked --no-default-features --bin kairan \
    && install -D -t /out target/release/kairan

FROM source AS build-line-simulator
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked --package line-simulator \
    && install -D -t /out target/release/line-simulator

FROM debian:bookworm-slim AS runtime
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/kairan kairan \
    && install -d -o kairan -m 700 /var/lib/kairan/keys
USER kairan
WORKDIR /var/lib/kairan

FROM runtime AS line-simulator
COPY --from=build-line-simulator /out/line-simulator /usr/local/bin/
ENTRYPOINT ["line-simulator"]

FROM runtime AS kairan
COPY --from=build-kairan /out/kairan /usr/local/bin/
ENV KAIRAN_LISTEN=0.0.0.0:8080
EXPOSE 8080
# Ready means that webhook events can be stored; LINE itself is not asked.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["kairan"]
CMD ["serve"]
