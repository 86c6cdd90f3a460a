import picocolors from "picocolors";

import { testAlert } from "../../../../shared/alerts/alert.ts";
import { ConfigError } from "../../../../shared/audit/run-error.ts";
import { createTransport } from "../../../../shared/http/transport.ts";
import { deliver, type Delivery } from "../../../../shared/notify/deliver.ts";
import type { Receiver } from "../../../../shared/notify/receiver.ts";
import { createReceivers } from "../../../../shared/notify/receivers.ts";
import { newRunId } from "../../../../shared/run/run-id.ts";
import { inColumns, plain, type Row } from "../../../../shared/text/columns.ts";
import { showsColors, type CliRuntime, write } from "../../cli-runtime.ts";
import { EXIT_CODES, type ExitCode } from "../../exit-code.ts";
import { type ConfigFlags, configFrom, NO_RECEIVER } from "../../flags/config-options.ts";
import { marksOf } from "../../terminal/shows-unicode.ts";

export interface AlertTestFlags extends ConfigFlags {
  readonly receiver?: string;
}

/**
 * Sends a message that is marked as a test to the receivers, and prints each outcome.
 *
 * @returns "could not run" when a delivery to a receiver failed
 * @throws `ConfigError` when no receiver is configured, or none of that name
 */
export async function runAlertTestCommand(
  flags: AlertTestFlags,
  runtime: CliRuntime,
): Promise<ExitCode> {
  const { clock } = runtime;
  const { alerts, proxy } = configFrom(flags, runtime.env);
  const alert = testAlert(newRunId(), clock().toISOString());
  using transport = createTransport(proxy);
  const receivers = chosen(createReceivers(alerts.receivers, transport), flags.receiver);
  const results = await Promise.all(
    receivers.map((receiver) => deliver(receiver, alert, { clock })),
  );
  const deliveries = results.map(({ delivery }) => delivery);
  await write(runtime.stdout, describe(deliveries, runtime));
  return deliveries.every(({ status }) => status === "delivered")
    ? EXIT_CODES.ALL_WELL
    : EXIT_CODES.COULD_NOT_RUN;
}

function chosen(receivers: readonly Receiver[], name: string | undefined): readonly Receiver[] {
  if (receivers.length === 0) throw new ConfigError([NO_RECEIVER]);
  if (name === undefined) return receivers;
  const named = receivers.filter((receiver) => receiver.name === name.normalize("NFC"));
  if (named.length > 0) return named;
  const known = receivers.map((receiver) => receiver.name).join(", ");
  throw new ConfigError([`--receiver: there is none of that name: those configured are ${known}`]);
}

function describe(deliveries: readonly Delivery[], { stdout, env }: CliRuntime): string {
  const colors = picocolors.createColors(showsColors(stdout, env));
  const marks = marksOf(stdout, env);
  const rows = deliveries.map(({ name, host, status, httpStatus, error }): Row => {
    const [mark, paint] =
      status === "delivered" ? [marks.good, colors.green] : [marks.bad, colors.red];
    const detail = error === null ? `HTTP ${httpStatus ?? "-"}` : error.message;
    return { cells: [`${mark} ${status}`, name, host, detail], paints: [paint, plain, colors.dim] };
  });
  return `${inColumns(rows)}\n`;
}
