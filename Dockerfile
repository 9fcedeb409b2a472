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
# the maps for `npm run build:lines` stay outside: a checkout of the same version makes them
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
# development's key and embedded database; production keeps nothing here
RUN mkdir data && chown node:node data
# by number, so that Kubernetes can check that it is not root
USER 1000
EXPOSE 3000
# Node is process 1 and handles SIGTERM itself: not ready, drained, stopped.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# a heap that grows in small steps: over a quarter less memory under load (docs/PERFORMANCE.md)
CMD ["node", "--max-semi-space-size=16", "--heap-growing-percent=50", "dist/main.js"]
# last, because they differ for each build: the layers above are shared
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
