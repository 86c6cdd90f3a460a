/** The SDK's text is not what the build knows how to make small. Nothing is guessed: it fails. */
export class UnknownSdkTextError extends Error {
  override readonly name = "UnknownSdkTextError";

  /**
   * @param file - the file of the SDK
   * @param problem - what was not understood, as a sentence
   */
  constructor(file: string, problem: string) {
    super(
      `${file}: ${problem} The build does not know this version of the SDK: adapt scripts/sdk, or pin the version before it.`,
    );
  }
}
