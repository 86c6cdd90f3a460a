/** A member of the emulated resource directory. */
export interface MemberSeed {
  readonly accountId: string;
  /** @default none */
  readonly displayName?: string;
  /** @default none */
  readonly accountName?: string;
  /** The ids of its folders below the root, the outermost first; null for a member without a path. @default [] */
  readonly folderPath?: readonly string[] | null;
  /** @default "CreateSuccess" */
  readonly status?: string;
  /** @default "" */
  readonly deletionStatus?: string;
}

/** The emulated resource directory. */
export interface DirectorySeed {
  readonly managementAccountId: string;
  /** @default "management" */
  readonly managementAccountName?: string;
  /** Without the management account. */
  readonly members: readonly MemberSeed[];
  /** The accounts that may read it. @default all */
  readonly readers?: readonly string[];
  /** Whether every page has the same token, so that the list never ends. @default false */
  readonly repeatsToken?: boolean;
}

export const [DIRECTORY_ID, ROOT_FOLDER_ID] = ["rd-3Gemul", "r-WmEmul"];
