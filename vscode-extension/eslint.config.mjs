import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/"] },
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
  },
  {
    files: ["tests/*.mjs"],
    languageOptions: { globals: { Buffer: "readonly", console: "readonly", process: "readonly", fetch: "readonly", setTimeout: "readonly", URL: "readonly" } },
  },
);
