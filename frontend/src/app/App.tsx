import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider, useRouterState } from "@tanstack/react-router";
import { useLayoutEffect } from "react";
import { queryClient } from "../api/queries";
import { theme, variables } from "../ui/theme";
import { Toasts } from "../ui/toasts";
import { useAppearance } from "./appearance";
import { nonce } from "./nonce";
import { router } from "./router";

/** Tells the theme which room is on the screen, before that is painted. */
function useRoomLight(): void {
  const path = useRouterState({ router, select: ({ matches, location }) => matches.at(-1)?.pathname ?? location.pathname });
  const enter = useAppearance((store) => store.enter);
  useLayoutEffect(() => enter(path), [path, enter]);
}

export function App() {
  useRoomLight();
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
