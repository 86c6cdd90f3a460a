# flowlog-guard watch, where there is no Function Compute.
FROM node:20-slim AS build
WORKDIR /src
COPY . .
RUN npm ci

FROM node:20-slim
ENV NODE_ENV=production
COPY --from=build /src/dist/package.json /app/
COPY --from=build /src/dist/cli /app/cli
WORKDIR /app
USER node
ENTRYPOINT ["node", "/app/cli/index.js"]
CMD ["watch", "--schedule", "0 17 * * * *"]
