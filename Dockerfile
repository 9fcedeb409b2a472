# The server as a bundle (docs/adr/0082-the-image-runs-a-bundle.md), and the `pratu` command, which Node runs as TypeScript.
# Packages with native parts are installed for the platform of the image, so `docker buildx build --platform` works for
# amd64 and arm64. The bundle is the same for all platforms.

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM --platform=$BUILDPLATFORM node:24.21.0-bookworm-slim AS bundle
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY scripts scripts
COPY src src
# the source maps for `npm run build:lines` are left out: a checkout of the same version can build them
RUN node scripts/build.ts && rm dist/*.map

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY package.json LICENSE ./
COPY config config
COPY migrations migrations
COPY openapi openapi
COPY views views
COPY src src
COPY --from=bundle /app/dist dist
# the key and embedded database of development; production stores nothing here
RUN mkdir data && chown node:node data
# a number, so that Kubernetes can verify that it is not root
USER 1000
EXPOSE 3000
# Node is process 1 and handles SIGTERM itself: it reports not ready, drains requests and stops.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# lets the heap grow in small steps: over a quarter less memory under load (docs/PERFORMANCE.md)
CMD ["node", "--max-semi-space-size=16", "--heap-growing-percent=50", "dist/main.js"]
# last, because they differ for each build, so that the layers above are shared
ARG VERSION=development
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="Pratu" \
  org.opencontainers.image.description="A standalone OpenID Connect and OAuth 2 authorization server with customer accounts" \
  org.opencontainers.image.licenses="MIT" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.created="${CREATED}" \
  org.opencontainers.image.source="${SOURCE}"
