import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { readFlags } from "../../../functions/cli/flags/config-options.ts";
import { ConfigError } from "../../../shared/audit/run-error.ts";
import { type Config, resolveConfig } from "../../../shared/config/config.ts";
import { describeConfig } from "../../../shared/config/describe-config.ts";
import { readEnvironmentLayer } from "../../../shared/config/environment.ts";
import { type ConfigLayer, problemsOfFile, readFileLayer } from "../../../shared/config/layer.ts";
import { layerOf } from "../../../shared/entry/run-request.ts";

const ID = "1234567890123456";

function file(text: string, env: Record<string, string> = {}): ConfigLayer {
  return readFileLayer({ name: "f.yaml", values: parse(text) }, env);
}

/** The problems of layers, or of their values together. */
function problemsOf(...layers: ConfigLayer[]): readonly string[] {
  try {
    resolveConfig(...layers);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const KEYS = "must be a set of keys and values: those known here are";
const ENTRY = 'must be an account with its keys, such as { id: "1234567890123456", roleName:';
const QUOTE = "must be text: put the id in quotes, since a long number is rounded when it is read";
const NO_ROLE = "organization: has no role to assume in the members: write roleName, or set";
const ACCOUNT = 'is not an account: use an id, a name, a pattern such as "prod-*"';
const ROLE_NAME = "is not the name of a role: write up to 64 letters, digits, dots, hyphens and";
const EXTERNAL_ID = "is not an external id: write 2 to 1224 letters, digits and + = , . @ : / - _";

describe("accounts of the file: one message, at its place", () => {
  test.each([
    ["[{ id: 1234567890123456 }]", `accounts[0].id: ${QUOTE}`],
    ["[{ id: 123456789012345678 }]", `accounts[0].id: ${QUOTE}`],
    ["[{ id: acme }]", "accounts[0].id: is not the id of an account: write its number in quotes"],
    ["[{ name: prod }]", "accounts[0].id: is missing"],
    ["[1234567890123456]", `accounts[0]: ${ENTRY}`],
    ['["prod-*"]', `accounts[0]: ${ENTRY}`],
    ["prod-*", "accounts: must be a list, such as [{ id:"],
    ["{ id: '1' }", "accounts: must be a list, such as [{ id:"],
    ["", "accounts: must be a list, such as [{ id:"],
    ["[]", "accounts: is empty: name an account, or take it out"],
    ["[{ id: '1', role: x }]", "accounts[0].role: is not a known key: those known here are id,"],
    ["[{ id: '1' }, { id: '1' }]", "accounts[1]: is the same account as accounts[0]: take one"],
    ["[{ id: '1', name: '' }]", "accounts[0].name: must have 1 to 128 characters, all visible"],
    ["[{ id: '1', name: ' a' }]", "accounts[0].name: must have 1 to 128 characters, all visible"],
    ["[{ id: '1', name: '!a' }]", "accounts[0].name: must have no * and no comma, and no ! before"],
    ["[{ id: '1', name: 'a*' }]", "accounts[0].name: must have no * and no comma, and no ! before"],
    ["[{ id: '1', name: 'a,b' }]", "accounts[0].name: must have no * and no comma, and no !"],
    ["[{ id: '1', name: '12' }]", "accounts[0].name: is digits alone, which select the account"],
    ["[{ id: '1', name: 12 }]", "accounts[0].name: must be text"],
    [
      "[{ id: '1', name: a }, { id: '2', roleName: r, name: a }]",
      "accounts[1]: has the name of accounts[0]: a name selects one account",
    ],
    ["[{ id: '1', roleName: 12 }]", "accounts[0].roleName: must be text"],
    ["[{ id: '1', roleName: '' }]", `accounts[0].roleName: ${ROLE_NAME}`],
    ["[{ id: '1', roleName: 'acs:ram::1:role/x' }]", `accounts[0].roleName: ${ROLE_NAME}`],
    ["[{ id: '1', roleName: r, externalId: 12 }]", "accounts[0].externalId: must be text: put it"],
    ["[{ id: '1', roleName: r, externalId: '' }]", `accounts[0].externalId: ${EXTERNAL_ID}`],
    ["[{ id: '1', regions: [] }]", "accounts[0].regions: is empty: name at least one region"],
    ["[{ id: '1', regions: [CN] }]", 'accounts[0].regions[0]: "CN" is not a region'],
  ])("accounts: %s", (text, says) => {
    expect(problemsOf(file(`accounts: ${text}`))).toEqual([
      expect.stringMatching(/^f\.yaml: accounts/),
    ]);
    expect(problemsOf(file(`accounts: ${text}`)).join()).toContain(`f.yaml: ${says}`);
  });

  test.each([
    [
      "[{ id: '1', externalId: id-5c21 }]",
      "accounts[0]: there is no role to assume with externalId: write roleName beside it, or organization.roleName",
    ],
    [
      "[{ id: '1' }, { id: '2', roleName: r }, { id: '3' }]",
      "accounts[0], accounts[2]: have no role to assume, and only the account of the credentials needs none: write roleName, or organization.roleName",
    ],
    [
      `[${Array.from({ length: 8 }, (_, index) => `{ id: '${index}' }`).join()}]`,
      "accounts[0], accounts[1], accounts[2], accounts[3], accounts[4] and 3 more: have no role to assume, and only the account of the credentials needs none: write roleName, or organization.roleName",
    ],
  ])("accounts: %s: without a role, unless the organization has one", (text, says) => {
    expect(problemsOf(file(`accounts: ${text}`))).toEqual([says]);
    const role = readEnvironmentLayer({ FLOWLOG_GUARD_ORGANIZATION_ROLE: "audit" });
    expect(problemsOf(file(`accounts: ${text}`), role)).toEqual([]);
  });

  test("one entry without a role is the account of the credentials", () => {
    expect(problemsOf(file("accounts: [{ id: '1' }, { id: '2', roleName: r }]"))).toEqual([]);
  });
});

describe("the organization: one message, at its place", () => {
  test.each([
    ["true", `organization: ${KEYS} roleName, externalId, accounts, folders`],
    ["audit", `organization: ${KEYS}`],
    ["[]", `organization: ${KEYS}`],
    ["", `organization: ${KEYS}`],
    ["{ role: r }", "organization.role: is not a known key: those known here are roleName,"],
    ["{ roleName: true }", "organization.roleName: must be text"],
    ["{ roleName: r, externalId: 12 }", "organization.externalId: must be text: put it in quotes"],
    ["{ roleName: r, accounts: [] }", "organization.accounts: is empty: name at least one account"],
    ["{ roleName: r, accounts: '' }", "organization.accounts: is empty: name at least one account"],
    ["{ roleName: r, accounts: ['!x'] }", "organization.accounts: only leaves accounts out: add"],
    ["{ roleName: r, accounts: ['!'] }", `organization.accounts[0]: "!" ${ACCOUNT}`],
    ["{ roleName: r, accounts: [12] }", `organization.accounts[0]: ${QUOTE}`],
    ["{ roleName: r, accounts: 12 }", `organization.accounts: ${QUOTE}`],
    ["{ roleName: r, accounts: {} }", "organization.accounts: must be a list of texts, or text"],
    [
      "{ roleName: r, accounts: [{ id: '1' }] }",
      "organization.accounts[0]: must be the id, the name or a pattern of accounts: only the list",
    ],
    ["{ roleName: r, folders: [] }", "organization.folders: is empty: name at least one folder"],
    ["{ roleName: r, folders: ['!fd-a'] }", "organization.folders: only leaves folders out: add"],
    [
      "{ roleName: r, folders: [abc] }",
      'organization.folders[0]: "abc" is not a folder: use an id',
    ],
    ["{ roleName: r, folders: [12] }", `organization.folders[0]: ${QUOTE}`],
    ["{ roleName: r, folders: [true] }", "organization.folders[0]: must be the id of a folder"],
  ])("organization: %s", (text, says) => {
    const problems = problemsOf(file(`organization: ${text}`));
    expect(problems).toEqual([expect.stringContaining(`f.yaml: ${says}`)]);
  });

  test.each([
    ["{ accounts: ['*'] }", NO_ROLE],
    ["{ accounts: [a] }", NO_ROLE],
    ["{ folders: [fd-a] }", NO_ROLE],
    ["{ externalId: id-5c21 }", "organization.externalId (FLOWLOG_GUARD_EXTERNAL_ID): there is no"],
  ])("organization: %s: without a role, unless the variable names one", (text, says) => {
    expect(problemsOf(file(`organization: ${text}`))).toEqual([expect.stringContaining(says)]);
    const role = readEnvironmentLayer({ FLOWLOG_GUARD_ORGANIZATION_ROLE: "audit" });
    expect(problemsOf(file(`organization: ${text}`), role)).toEqual([]);
  });

  test.each([
    ["fanOut: 4", `fanOut: ${KEYS} parts, function`],
    ["fanOut: { parts: 0 }", "fanOut.parts: must be a whole number from 1 to 64"],
    ["fanOut: { parts: 65 }", "fanOut.parts: must be a whole number from 1 to 64"],
    ["fanOut: { function: a b }", "fanOut.function: is not the name of a function"],
  ])("%s", (text, says) => {
    expect(problemsOf(file(text))).toEqual([expect.stringContaining(`f.yaml: ${says}`)]);
  });
});

describe("what a flag or an event selects", () => {
  test.each([
    ["", "is empty: name at least one account, or"],
    ["!x", "only leaves accounts out: add what to leave them out of"],
    ["!", `"!" ${ACCOUNT}`],
    ["a,,b", `"" ${ACCOUNT}`],
    ["a".repeat(129), ACCOUNT],
  ])("--accounts '%s' is one problem", (accounts, says) => {
    expect(problemsOf(readFlags({ accounts }))).toEqual([
      expect.stringContaining(`--accounts: ${says}`),
    ]);
    expect(problemsOf(layerOf({ accounts }, "event"))).toEqual([expect.stringContaining(says)]);
  });

  test.each([
    [
      [{ id: ID, roleName: "r", externalId: "id-5c21" }],
      "event.accounts[0]: must be the id, the name or a pattern of accounts: only the list accounts of the configuration file has keys",
    ],
    [{ id: ID }, "event.accounts: must be a list of texts, or text with commas"],
    [null, "event.accounts: must be a list of texts, or text with commas"],
    [[12], `event.accounts[0]: ${QUOTE}`],
    [[], "event.accounts: is empty"],
  ])("an event with accounts %j has no role and no account of its own", (accounts, says) => {
    const problems = problemsOf(layerOf({ accounts }, "event"));
    expect(problems).toEqual([expect.stringContaining(says)]);
    expect(problems.join()).not.toContain("5c21");
  });

  test.each(["organization", "fanOut", "exemptions"])("an event has no %s", (key) => {
    expect(problemsOf(layerOf({ [key]: { roleName: "r" } }, "event"))).toEqual([
      `event.${key}: is not a known key: those known here are regions, accounts, rules`,
    ]);
  });

  test("names at most twenty wrong entries", () => {
    const accounts = Array.from({ length: 25 }, () => "");
    const problems = problemsOf(layerOf({ accounts }, "event"));
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toBe("event.accounts: 5 more entries are wrong");
  });
});

describe("no secret is repeated, wherever it is pasted", () => {
  const SECRET = "my secret 5c21!";
  test.each([
    `accounts: [{ id: "${SECRET}" }]`,
    `accounts: [{ id: "1", name: "${SECRET}*" }]`,
    `accounts: [{ id: "1", roleName: "${SECRET}" }]`,
    `accounts: [{ id: "1", roleName: r, externalId: "${SECRET}" }]`,
    `accounts: [{ id: "1", "${SECRET}": r }]`,
    `accounts: [{ id: "1", regions: ["${SECRET}"] }]`,
    `organization: { roleName: "${SECRET}" }`,
    `organization: { roleName: r, externalId: "${SECRET}" }`,
    `organization: { roleName: r, accounts: ["${SECRET}", " "] }`,
    `organization: { roleName: r, folders: ["${SECRET}"] }`,
    `organization: { "${SECRET}": r }`,
    `fanOut: { function: "${SECRET}" }`,
  ])("%s", (text) => {
    const problems = problemsOf(file(text));
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain("5c21");
  });

  test("in a variable", () => {
    for (const name of ["FLOWLOG_GUARD_ORGANIZATION_ROLE", "FLOWLOG_GUARD_EXTERNAL_ID"]) {
      const problems = problemsOf(readEnvironmentLayer({ [name]: SECRET }));
      expect(problems).toEqual([expect.stringContaining(`${name}: is not `)]);
      expect(problems.join()).not.toContain("5c21");
    }
  });
});

const WHOLE = `
regions: [cn-hangzhou]
accounts:
  - { id: "\${ID}", name: "\${NAME}", roleName: "\${ROLE}", externalId: "\${EXTERNAL}", regions: ["\${REGION}"] }
  - { id: "1234567890123457" }
organization:
  { roleName: "\${ROLE}", externalId: "\${EXTERNAL}", accounts: ["\${NAME}", "!1"], folders: ["\${FOLDER}"] }
`;
const ENV = {
  ID,
  NAME: "prod",
  ROLE: "flowlog-guard-audit",
  EXTERNAL: "id-5c21",
  REGION: "cn-*",
  FOLDER: "fd-abc",
};

describe("${NAME}", () => {
  test("is filled in everywhere, and printed with the external ids masked", () => {
    const config = resolveConfig(file(WHOLE, ENV));
    expect(config.accounts.entries?.[0]).toEqual({
      id: ID,
      name: "prod",
      roleName: "flowlog-guard-audit",
      externalId: "id-5c21",
      regions: ["cn-*"],
    });
    const shown = describeConfig(config);
    expect(shown).toMatchObject({
      accounts: [
        {
          id: ID,
          name: "prod",
          roleName: "flowlog-guard-audit",
          externalId: "***",
          regions: ["cn-*"],
        },
        { id: "1234567890123457" },
      ],
      organization: {
        roleName: "flowlog-guard-audit",
        externalId: "***",
        accounts: ["prod", "!1"],
        folders: ["fd-abc"],
      },
    });
    expect(JSON.stringify(shown)).not.toContain("5c21");
  });

  test("is no problem of a build, which has no value for it", () => {
    expect(problemsOfFile({ name: "f.yaml", values: parse(WHOLE) })).toEqual([]);
  });

  test("that is not set is named at its place", () => {
    const { EXTERNAL: _external, ...rest } = ENV;
    expect(problemsOf(file(WHOLE, rest))).toEqual([
      "f.yaml: accounts[0].externalId: the environment variable EXTERNAL is not set",
      "f.yaml: organization.externalId: the environment variable EXTERNAL is not set",
    ]);
  });
});

describe("layers", () => {
  const entries = `
regions: [cn-a]
accounts: [{ id: "1", regions: [cn-b] }, { id: "2", roleName: r, externalId: own-5c21 }]
`;
  const regionsOf = ({ accounts, regions }: Config) => [
    regions,
    accounts.entries?.map((entry) => entry.regions),
  ];

  test("an entry's regions replace those of its own file", () => {
    expect(regionsOf(resolveConfig(file(entries)))).toEqual([["cn-a"], [["cn-b"], undefined]]);
  });

  test.each([
    ["the environment", readEnvironmentLayer({ FLOWLOG_GUARD_REGIONS: "cn-c" })],
    ["a flag", readFlags({ regions: "cn-c" })],
    ["an event", layerOf({ regions: ["cn-c"] }, "event")],
  ])("regions of %s replace those of entries too", (_name, layer) => {
    expect(regionsOf(resolveConfig(file(entries), layer))).toEqual([
      ["cn-c"],
      [undefined, undefined],
    ]);
  });

  test("a flag selects among the entries of the file, and leaves them as they are", () => {
    const config = resolveConfig(file(entries), readFlags({ accounts: "2,prod-*" }));
    expect(config.accounts).toEqual({
      entries: resolveConfig(file(entries)).accounts.entries,
      selectors: ["2", "prod-*"],
    });
    expect(describeConfig(config)).toMatchObject({ accounts: [{ id: "1" }, { id: "2" }] });
    expect(describeConfig(resolveConfig(readFlags({ accounts: "2" })))).toMatchObject({
      accounts: ["2"],
    });
  });

  test("the variables add the organization to the file's, and an entry keeps its own external id", () => {
    const config = resolveConfig(
      file(`${entries}organization: { roleName: file, accounts: [a] }`),
      readEnvironmentLayer({
        FLOWLOG_GUARD_ORGANIZATION_ROLE: "variable",
        FLOWLOG_GUARD_EXTERNAL_ID: "id-88fe",
      }),
    );
    expect(config).toMatchObject({
      accounts: { entries: [{ id: "1" }, { id: "2", externalId: "own-5c21" }] },
      organization: { roleName: "variable", externalId: "id-88fe", accounts: ["a"], folders: [] },
    });
  });
});

test("an exemption is of an account by its id, never by its name", () => {
  const exempt = (account: string) =>
    problemsOf(
      file(
        `exemptions: [{ region: cn-a, account: ${account}, owner: o, reason: r, expires: 2027-03-31 }]`,
      ),
    );
  expect(exempt('"1234567890123456"')).toEqual([]);
  expect(exempt('"*"')).toEqual([]);
  for (const account of ["prod", "prod-*", '"!1"', "1234567890123456"]) {
    expect(exempt(account)).toEqual([
      expect.stringMatching(
        /^f\.yaml: exemptions\[0\]\.account: (is not the id|must be text: put)/,
      ),
    ]);
  }
});
