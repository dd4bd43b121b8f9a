/** Mantine wears our tokens: every variable that a used component reads is mapped, one to one. */
import { type CSSVariablesResolver, createTheme } from "@mantine/core";

export const theme = createTheme({
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  defaultRadius: "var(--r-2)",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontSizes: { xs: "var(--t-11)", sm: "var(--t-13)", md: "var(--t-13)", lg: "var(--t-15)", xl: "var(--t-20)" },
  spacing: { xs: "var(--s-1)", sm: "var(--s-2)", md: "var(--s-3)", lg: "var(--s-4)", xl: "var(--s-6)" },
  radius: { xs: "var(--r-1)", sm: "var(--r-2)", md: "var(--r-3)", lg: "var(--r-4)", xl: "var(--r-4)" },
  components: {
    Menu: { defaultProps: { transitionProps: { duration: 140, transition: "fade" }, shadow: "none", offset: 4, withInitialFocusPlaceholder: false } },
    ModalRoot: { defaultProps: { transitionProps: { duration: 0 } } },
    Select: { defaultProps: { comboboxProps: { transitionProps: { duration: 140, transition: "fade" } } } },
  },
});

export const variables: CSSVariablesResolver = () => ({
  variables: {
    "--mantine-color-body": "var(--bg)",
    "--mantine-color-text": "var(--text-1)",
    "--mantine-color-default": "var(--raised)",
    "--mantine-color-default-hover": "var(--hover)",
    "--mantine-color-default-color": "var(--text-1)",
    "--mantine-color-default-border": "var(--line-2)",
    "--mantine-color-dimmed": "var(--text-3)",
    "--mantine-color-placeholder": "var(--text-3)",
    "--mantine-color-error": "var(--bad)",
    "--mantine-primary-color-filled": "var(--accent)",
    "--mantine-primary-color-filled-hover": "var(--accent-hover)",
    "--mantine-line-height": "var(--lh-13)",
  },
  light: {},
  dark: {},
});
