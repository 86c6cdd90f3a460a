# The command line, without npm and as an unprivileged user: docs/container.md.
# A release adds the digest: --build-arg NODE_IMAGE=node:24.21.0-trixie-slim@sha256:…
ARG NODE_IMAGE=node:24.21.0-trixie-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /src
# First what changes seldom, so that the packages are in the cache.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json LICENSE ./
COPY scripts ./scripts
COPY shared ./shared
COPY functions ./functions
RUN npm run build

FROM ${NODE_IMAGE}
# The program is bundled: nothing is installed at run time.
RUN rm -rf /usr/local/lib/node_modules /opt/yarn* \
  /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
  /usr/local/bin/yarn /usr/local/bin/yarnpkg
ENV NODE_ENV=production \
  FLOWLOG_GUARD_HEALTH=127.0.0.1:8080
WORKDIR /app
COPY --from=build /src/dist/package.json ./
COPY --from=build /src/dist/cli ./cli
COPY LICENSE ./
# The user node of the base image, as a number: Kubernetes cannot tell that a name is not root.
USER 1000:1000
# watch ends the run in progress before it stops.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "/app/cli/healthcheck.js"]
ENTRYPOINT ["node", "/app/cli/index.js"]
CMD ["watch", "--schedule", "0 17 * * * *"]

# Last, because they change with every build.
ARG VERSION=unreleased
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="flowlog-guard" \
  org.opencontainers.image.description="Checks that the VPC flow log service is activated in every Alibaba Cloud region, and alerts where it is not." \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.source="${SOURCE}" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
