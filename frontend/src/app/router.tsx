/** Every address of the front end. Screens load when they are first opened. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { queryClient, session } from "../api/queries";
import { type QualitySearch, searchOf } from "../features/quality/filters";
import { Crash } from "./Crash";
import { Opening } from "./Opening";
import { Shell } from "./Shell";

export interface VideosSearch {
  readonly search?: string;
  readonly state?: "ready" | "working" | "registered" | "failed";
  readonly sort?: string;
  readonly camera?: string;
  /** The upload dialog is open. */
  readonly upload?: true;
}

const root = createRootRoute({ component: Outlet, errorComponent: Crash, notFoundComponent: lazyRouteComponent(() => import("./NotFound"), "NothingHere") });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/signin",
  validateSearch: (search): { next?: string } => (typeof search["next"] === "string" ? { next: search["next"] } : {}),
  component: lazyRouteComponent(() => import("../features/signin/SignIn"), "SignIn"),
});

const start = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: (search): { next?: string } => (typeof search["next"] === "string" ? { next: search["next"] } : {}),
  beforeLoad: async ({ search }) => {
    const { user, must_choose_password, projects } = await queryClient.ensureQueryData(session());
    if (user === null || must_choose_password) throw redirect({ to: "/signin", search });
    const last = localStorage.getItem("rushes.project");
    const first = projects.find((entry) => entry.slug === last) ?? projects[0];
    if (first !== undefined) throw redirect({ to: "/p/$slug", params: { slug: first.slug } });
  },
  component: lazyRouteComponent(() => import("./NoProject"), "NoProject"),
});

const project = createRoute({
  getParentRoute: () => root,
  path: "/p/$slug",
  beforeLoad: async ({ location, params }) => {
    const { user, must_choose_password } = await queryClient.ensureQueryData(session());
    if (user === null || must_choose_password) throw redirect({ to: "/signin", search: { next: location.href } });
    localStorage.setItem("rushes.project", params.slug);
  },
  component: Shell,
  pendingComponent: Opening,
  pendingMs: 200,
  pendingMinMs: 0,
  notFoundComponent: lazyRouteComponent(() => import("./NotFound"), "NotFound"),
});

const home = createRoute({ getParentRoute: () => project, path: "/", component: lazyRouteComponent(() => import("../features/home/Home"), "Home") });

const STATES = new Set(["ready", "working", "registered", "failed"]);

const videos = createRoute({
  getParentRoute: () => project,
  path: "/videos",
  validateSearch: (raw): VideosSearch => ({
    ...(typeof raw["search"] === "string" && raw["search"] !== "" ? { search: raw["search"] } : {}),
    ...(STATES.has(String(raw["state"])) ? { state: raw["state"] as NonNullable<VideosSearch["state"]> } : {}),
    ...(typeof raw["sort"] === "string" ? { sort: raw["sort"] } : {}),
    ...(typeof raw["camera"] === "string" ? { camera: raw["camera"] } : {}),
    ...(raw["upload"] === true ? { upload: true as const } : {}),
  }),
  component: lazyRouteComponent(() => import("../features/videos/Videos"), "Videos"),
});

const video = createRoute({
  getParentRoute: () => project,
  path: "/videos/$id",
  validateSearch: (raw): { frame?: number } => (Number.isInteger(raw["frame"]) ? { frame: raw["frame"] as number } : {}),
  component: lazyRouteComponent(() => import("../features/video/Video"), "Video"),
});

const quality = createRoute({
  getParentRoute: () => project,
  path: "/quality",
  validateSearch: (raw): QualitySearch => searchOf(raw),
  component: lazyRouteComponent(() => import("../features/quality/Quality"), "Quality"),
});

const label = createRoute({
  getParentRoute: () => project,
  path: "/label/{-$clip}",
  component: lazyRouteComponent(() => import("../features/label/Label"), "Label"),
});

const train = createRoute({
  getParentRoute: () => project,
  path: "/train/{-$run}",
  validateSearch: (raw): { start?: true } => (raw["start"] === true ? { start: true } : {}),
  component: lazyRouteComponent(() => import("../features/train/Train"), "Train"),
});

const models = createRoute({
  getParentRoute: () => project,
  path: "/models/{-$number}",
  component: lazyRouteComponent(() => import("../features/models/Models"), "Models"),
});

const settings = createRoute({
  getParentRoute: () => project,
  path: "/settings",
  component: lazyRouteComponent(() => import("../features/settings/Settings"), "Settings"),
});

export const router = createRouter({
  routeTree: root.addChildren([start, signIn, project.addChildren([home, videos, video, quality, label, train, models, settings])]),
  defaultPreload: "intent",
  defaultErrorComponent: Crash,
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
