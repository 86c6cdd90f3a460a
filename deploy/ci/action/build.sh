#!/usr/bin/env bash
# Builds the command line from the checkout of the action, which is what the workflow's `uses:` names.
# So nothing else has to be trusted or downloaded than the packages of package-lock.json, each with
# its checksum.
set -euo pipefail

# No package needs the keys of the job.
for name in $(compgen -e); do
  case "$name" in
    ALIBABA_CLOUD_* | ALIBABACLOUD_* | FLOWLOG_GUARD_* | ACTIONS_* | GITHUB_TOKEN | GH_TOKEN) unset "$name" ;;
  esac
done

if ! node -e 'process.exit(Number.parseInt(process.versions.node, 10) < 20 ? 1 : 0)'; then
  echo "::error::flowlog-guard needs Node 20 or newer on the runner: add a step with actions/setup-node before it."
  exit 3
fi

cd "$GITHUB_ACTION_PATH"
# --include=dev: the tools that build are devDependencies, which NODE_ENV=production would leave out.
npm ci --ignore-scripts --include=dev --no-audit --no-fund --loglevel=error
npm run --silent build
