/** Who is here, and what they may do in the project that is open. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { sessionLogout } from "../api/generated/client";
import { queryClient, session } from "../api/queries";
import { tellError } from "../ui/toasts";

const LADDER = ["viewer", "annotator", "reviewer", "trainer", "admin"] as const;
export type Role = (typeof LADDER)[number];

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  viewer: "Viewer",
  annotator: "Annotator",
  reviewer: "Data lead",
  trainer: "ML lead",
  admin: "Admin",
};
export const ROLES = LADDER;

export function includes(role: string, least: Role): boolean {
  return LADDER.indexOf(role as Role) >= LADDER.indexOf(least);
}

export function useHere() {
  const { slug } = useParams({ strict: false }) as { slug: string };
  const { data } = useQuery(session());
  const projects = data?.projects ?? [];
  const project = projects.find((entry) => entry.slug === slug);
  return { slug, user: data?.user ?? null, expired: data?.expired === true, projects, project, may: (least: Role) => project !== undefined && includes(project.role, least) };
}

export function useSignOut() {
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => sessionLogout(),
    onSuccess: () => {
      queryClient.clear();
      void navigate({ to: "/signin" });
    },
    onError: tellError,
  });
}
