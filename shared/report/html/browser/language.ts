type Language = "en" | "zh";

/**
 * Shows the first language of the page, or else the one that the browser prefers, and the one that the reader chooses after that. Nothing
 * is stored: the next page begins anew.
 */
export function switchLanguages(): void {
  const choices = [...document.querySelectorAll<HTMLInputElement>("input[name=language]")];
  for (const choice of choices) {
    choice.addEventListener("change", () => {
      if (choice.value === "en" || choice.value === "zh") show(choice.value);
    });
  }
  const { language } = document.documentElement.dataset;
  const preferred =
    language === "en" || language === "zh" ? language : preferredLanguage(navigator.languages);
  for (const choice of choices) choice.checked = choice.value === preferred;
  show(preferred);
}

/** The first language that the page has; English where it has none of them. */
function preferredLanguage(languages: readonly string[]): Language {
  const known = languages.map((tag) => tag.toLowerCase().split("-")[0]);
  return known.find((language) => language === "en" || language === "zh") ?? "en";
}

function show(language: Language): void {
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  const title = document.querySelector("title");
  document.title = title?.dataset[language] ?? document.title;
}
