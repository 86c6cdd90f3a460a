import { runCli } from "./run-cli.ts";
import { audit, type Setting } from "./two-accounts.ts";
import { type CatcherAnswer, startWebhookCatcher } from "./webhook-catcher.ts";

const METADATA = { ALIBABA_CLOUD_ECS_METADATA_DISABLED: "", ALIBABA_CLOUD_CREDENTIALS_URI: "" };

/** Audits with a stand-in for 100.100.100.200, which gives these answers after the token. */
export async function auditOnInstance(answers: readonly CatcherAnswer[], setting: Setting = {}) {
  await using service = await startWebhookCatcher([
    { status: 200, body: "metadata-token" },
    ...answers,
  ]);
  const { port } = new URL(service.origin);
  const route = `import { Socket } from "node:net";
    const { connect } = Socket.prototype;
    Socket.prototype.connect = function (...args) {
      const [options] = [args[0]].flat();
      if (options.host === "100.100.100.200") Object.assign(options, { host: "127.0.0.1", port: ${port} });
      return connect.apply(this, args);
    };`;
  const NODE_OPTIONS = `--import="data:text/javascript,${encodeURIComponent(route)}"`;
  const env = { ...METADATA, ...setting.env, NODE_OPTIONS };
  const result = await audit({ ...setting, env, run: runCli });
  return { ...result, paths: service.messages.map(({ path }) => path) };
}
