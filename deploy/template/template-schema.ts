import * as v from "valibot";

import { COMPONENT_REGIONS } from "./component-schema.ts";

const ROLE_ARN = /^acs:ram::\d{10,20}:role\/[\w.-]{1,64}$/;

/** The minimum in which a run can audit and alert. */
const MIN_TIMEOUT_S = 30;

function wholeNumber(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}, without quotes`;
  return v.pipe(
    v.number(message),
    v.integer(message),
    v.minValue(min, message),
    v.maxValue(max, message),
  );
}

function text(pattern: RegExp, message: string) {
  return v.pipe(v.string(message), v.regex(pattern, message));
}

/** The folder of a single bundle in the build's output. */
const code = text(
  /^\.\/dist\/[a-z-]+$/,
  'must be the folder of one bundle, such as "./dist/check"',
);

const cpu = v.pipe(
  v.number("must be a number, without quotes"),
  v.minValue(0.05, "must be from 0.05 to 16"),
  v.maxValue(16, "must be from 0.05 to 16"),
  v.check((value) => Number.isInteger(Math.round(value * 1e6) / 5e4), "must be a multiple of 0.05"),
);

const environmentVariables = v.record(
  text(/^(?!FC_|ALIBABA_CLOUD_)[A-Za-z_]\w*$/, "is not a name that a variable may have"),
  v.string("must be a text: put numbers and booleans in quotes"),
);

const logConfig = v.union(
  [
    v.literal("auto"),
    v.strictObject({
      project: v.string(),
      logstore: v.string(),
      enableRequestMetrics: v.exactOptional(v.boolean()),
      enableInstanceMetrics: v.exactOptional(v.boolean()),
      logBeginRule: v.exactOptional(v.picklist(["DefaultRegex", "None"])),
    }),
  ],
  'must be "auto", or a project and a logstore',
);

const destination = v.strictObject({
  destination: text(
    /^acs:[\w-]+:[\w-]*:\d*:\S+$/,
    "must be the ARN of a queue, topic, function or event bus",
  ),
});

const asyncInvokeConfig = v.strictObject({
  maxAsyncRetryAttempts: wholeNumber(0, 8),
  maxAsyncEventAgeInSeconds: v.exactOptional(wholeNumber(1, 2_592_000)),
  destinationConfig: v.exactOptional(v.strictObject({ onFailure: v.exactOptional(destination) })),
});

const triggerName = text(/^[A-Za-z_][\w-]{0,127}$/, "is not a name that a trigger may have");
const qualifier = v.exactOptional(v.literal("LATEST", 'must be "LATEST"'));

const timerTrigger = v.strictObject({
  triggerName,
  triggerType: v.literal("timer"),
  qualifier,
  triggerConfig: v.strictObject({
    cronExpression: v.string("must be a text"),
    enable: v.literal(true, "must be true: a timer that is off audits nothing"),
    payload: v.exactOptional(v.string()),
  }),
});

const httpTrigger = v.strictObject({
  triggerName,
  triggerType: v.literal("http"),
  qualifier,
  triggerConfig: v.strictObject({
    authType: v.literal("function", 'must be "function": anybody may call an anonymous address'),
    disableURLInternet: v.exactOptional(v.boolean()),
    methods: v.pipe(v.array(v.picklist(["GET", "POST"])), v.minLength(1)),
  }),
});

const trigger = v.variant(
  "triggerType",
  [timerTrigger, httpTrigger],
  'must be a trigger of type "timer" or "http"',
);

const props = v.pipe(
  v.strictObject({
    region: v.picklist(
      COMPONENT_REGIONS,
      `must be a region that the component deploys to (set DEPLOY_REGION): ${COMPONENT_REGIONS.join(", ")}`,
    ),
    functionName: text(
      /^[A-Za-z_][\w-]{0,63}$/,
      "is not a name that a function may have: letters, digits, _ and -, 64 at most (set DEPLOY_NAME)",
    ),
    description: v.exactOptional(v.string()),
    runtime: v.literal("nodejs20", 'must be "nodejs20", the last built-in one'),
    handler: text(/^[\w-]+\.\w+$/, 'must be file.function, such as "index.handler"'),
    code,
    role: text(
      ROLE_ARN,
      "must be the ARN of a role, acs:ram::<account id>:role/<name>: set ACCOUNT_ID and ROLE_NAME",
    ),
    timeout: wholeNumber(MIN_TIMEOUT_S, 86_400),
    memorySize: v.pipe(wholeNumber(128, 32_768), v.multipleOf(64, "must be a multiple of 64")),
    cpu,
    diskSize: v.picklist([512, 10_240], "must be 512 or 10240"),
    instanceConcurrency: v.literal(1, "must be 1: an instance takes one request at a time"),
    internetAccess: v.exactOptional(v.boolean()),
    vpcConfig: v.exactOptional(
      v.strictObject({
        vpcId: text(/^vpc-\w+$/, "must be the id of a VPC, vpc-…"),
        vSwitchIds: v.pipe(
          v.array(text(/^vsw-\w+$/, "must be the id of a vSwitch, vsw-…")),
          v.minLength(1, "must name a vSwitch"),
        ),
        securityGroupId: text(/^sg-\w+$/, "must be the id of a security group, sg-…"),
      }),
    ),
    resourceGroupId: v.exactOptional(v.string()),
    tags: v.exactOptional(v.array(v.strictObject({ key: v.string(), value: v.string() }))),
    logConfig,
    environmentVariables,
    asyncInvokeConfig,
    triggers: v.array(trigger),
  }),
  v.forward(
    v.check(({ memorySize, cpu }) => {
      const gigabytesPerCpu = memorySize / 1_024 / cpu;
      return gigabytesPerCpu >= 1 && gigabytesPerCpu <= 4;
    }, "must go with memorySize: from 1 to 4 GB for a whole one"),
    ["cpu"],
  ),
  v.forward(
    v.check(
      ({ internetAccess, vpcConfig }) => internetAccess !== false || vpcConfig !== undefined,
      "must not be false without vpcConfig: the function could reach nothing",
    ),
    ["internetAccess"],
  ),
);

/**
 * An `s.yaml` of this project. Narrower than the component's own schema, which ignores unknown keys
 * and gives missing ones unsuitable defaults, such as a time-out of 3 seconds.
 *
 * @see https://github.com/devsapp/fc3
 */
export const Template = v.strictObject({
  edition: v.literal("3.0.0", 'must be "3.0.0"'),
  name: v.string(),
  // Serverless Devs does not fill in expressions here.
  access: text(/^[\w-]+$/, "must be a plain name: Serverless Devs fills in nothing here"),
  vars: v.record(v.string(), v.unknown()),
  actions: v.strictObject({
    "pre-deploy": v.pipe(
      v.array(v.strictObject({ run: v.string(), path: v.literal("./", 'must be "./"') })),
      v.check(
        (actions) => actions.some(({ run }) => run === "npm run build"),
        'must hold "npm run build"',
      ),
    ),
  }),
  resources: v.record(
    v.string(),
    v.strictObject({
      component: v.literal("fc3@0.1.22", 'must be "fc3@0.1.22", whose traps are known'),
      props,
    }),
  ),
});
export type Template = v.InferOutput<typeof Template>;

/** The `props` of one function in `s.yaml`. */
export type FunctionProps = v.InferOutput<typeof props>;
export type Trigger = v.InferOutput<typeof trigger>;

/** Each function's path in the file, and its `props`. */
export function functionsOf({ resources }: Template): [path: string, props: FunctionProps][] {
  return Object.entries(resources).map(([key, { props }]) => [`resources.${key}.props`, props]);
}
