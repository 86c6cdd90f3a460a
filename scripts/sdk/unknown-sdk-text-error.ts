/** The SDK's text has a layout that the build does not know, so the build cannot reduce it. */
export class UnknownSdkTextError extends Error {
  override readonly name = "UnknownSdkTextError";

  /**
   * @param file - the file of the SDK
   * @param problem - a sentence that says what was not understood
   */
  constructor(file: string, problem: string) {
    super(
      `${file}: ${problem} The build does not know this version of the SDK: adapt scripts/sdk, or pin the version before it.`,
    );
  }
}
