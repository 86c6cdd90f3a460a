# flowlog-guard watch, where there is no Function Compute.
FROM node:20-slim AS build
WORKDIR /src
COPY . .
RUN npm ci && npm prune --omit=dev --ignore-scripts

FROM node:20-slim
ENV NODE_ENV=production
COPY --from=build /src/dist/package.json /app/
COPY --from=build /src/dist/cli /app/cli
# Loaded where they are needed only: ali-oss for a state in OSS, fc2 for audit --remote.
COPY --from=build /src/node_modules /app/node_modules
WORKDIR /app
USER node
ENTRYPOINT ["node", "/app/cli/index.js"]
CMD ["watch", "--schedule", "0 17 * * * *"]
