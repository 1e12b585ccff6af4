# A static stocktake on an empty image, run by nobody in particular. Mount the files at /inventory and the state at /state.
FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev ca-certificates
WORKDIR /src
COPY . .
RUN cargo build --profile dist --locked --package stocktake && mkdir -p /image/state /image/inventory && chown 65532:65532 /image/state

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /src/target/dist/stocktake /stocktake
COPY --from=build /image /
ENV STOCKTAKE_STATE_DIR=/state
WORKDIR /inventory
USER 65532:65532
VOLUME /state
ENTRYPOINT ["/stocktake"]
