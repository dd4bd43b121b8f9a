import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { queryClient } from "../api/queries";
import { theme, variables } from "../ui/theme";
import { Toasts } from "../ui/toasts";
import { useAppearance } from "./appearance";
import { nonce } from "./nonce";
import { router } from "./router";

export function App() {
  const shown = useAppearance((store) => store.shown);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} forceColorScheme={shown} getStyleNonce={() => nonce}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>
  );
}
