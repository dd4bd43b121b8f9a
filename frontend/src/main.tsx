import "@fontsource-variable/inter/index.css";
import "@mantine/core/styles/baseline.css";
import "@mantine/core/styles/default-css-variables.css";
import "@mantine/core/styles/UnstyledButton.css";
import "@mantine/core/styles/Paper.css";
import "@mantine/core/styles/Overlay.css";
import "@mantine/core/styles/Popover.css";
import "@mantine/core/styles/CloseButton.css";
import "@mantine/core/styles/ModalBase.css";
import "@mantine/core/styles/Modal.css";
import "@mantine/core/styles/Menu.css";
import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/layers.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";

// A picture that cannot be had leaves its dark cell empty: no sign of a broken file on any screen.
for (const kind of ["error", "load"]) addEventListener(kind, ({ target }) => target instanceof HTMLImageElement && target.classList.toggle("gone", kind === "error"), true);

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
