/** The way to every room. A dot says that something waits there for whoever is here. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { summary } from "../api/labelling";
import { overview } from "../api/quality";
import { videos } from "../api/queries";
import { runs } from "../api/training";
import { Icon, type IconName } from "../ui/Icon";
import { count } from "../ui/words";
import { useHere } from "./session";

type Address = "/p/$slug" | "/p/$slug/videos" | "/p/$slug/quality" | "/p/$slug/label/{-$clip}" | "/p/$slug/train/{-$run}" | "/p/$slug/models/{-$number}" | "/p/$slug/settings";
type RoomName = "Home" | "Videos" | "Quality" | "Label" | "Train" | "Models" | "Settings";

export const ROOMS: readonly { readonly to: Address; readonly name: RoomName; readonly icon: IconName }[] = [
  { to: "/p/$slug", name: "Home", icon: "home" },
  { to: "/p/$slug/videos", name: "Videos", icon: "film" },
  { to: "/p/$slug/quality", name: "Quality", icon: "gauge" },
  { to: "/p/$slug/label/{-$clip}", name: "Label", icon: "tag" },
  { to: "/p/$slug/train/{-$run}", name: "Train", icon: "bars" },
  { to: "/p/$slug/models/{-$number}", name: "Models", icon: "box" },
  { to: "/p/$slug/settings", name: "Settings", icon: "gear" },
];

/** How often it is looked whether something waits, in milliseconds: counts that the rooms ask for too, each one request. */
const LOOK_MS = 60_000;
const UNDECIDED = { state: "pending" } as const;

export function Rail({ slug }: { readonly slug: string }) {
  const waits = useWaiting(slug);
  return (
    <nav className="rail" aria-label="Rooms">
      {ROOMS.map(({ to, name, icon }) => (
        <Link key={name} to={to} params={{ slug, clip: undefined, run: undefined, number: undefined }} activeOptions={{ exact: name === "Home" }} activeProps={{ "aria-current": "page" }} className={name === "Settings" ? "last" : ""}>
          <Icon name={icon} />
          {name}
          {waits[name] !== undefined && <i role="img" aria-label={`, ${waits[name]}`} title={waits[name]} />}
        </Link>
      ))}
    </nav>
  );
}

/** What waits in which room, in words; nothing of what this person may not do. */
function useWaiting(slug: string): Readonly<Partial<Record<RoomName, string>>> {
  const { may } = useHere();
  const often = { refetchInterval: LOOK_MS, staleTime: LOOK_MS / 2 };
  const [judges, labels, trains] = [may("reviewer"), may("annotator"), may("trainer")];
  const footage = useQuery({ ...videos(slug, { limit: 1 }), enabled: judges });
  const spans = useQuery({ ...overview(slug, UNDECIDED), ...often, enabled: judges });
  const clips = useQuery({ ...summary(slug), ...often, enabled: labels });
  const latest = useQuery({ ...runs(slug, 1), ...often, enabled: trains });
  const failed = footage.data?.by_state["failed"] ?? 0;
  const pending = spans.data?.pending ?? 0;
  const open = clips.data?.open ?? 0;
  const run = latest.data?.items[0];
  // What a screen has asked for is known here too: the role decides, not what is there.
  return {
    ...(judges && failed > 0 ? { Videos: count(failed, "failed video") } : {}),
    ...(judges && pending > 0 ? { Quality: `${count(pending, "rejected span")} to review` } : {}),
    ...(labels && open > 0 ? { Label: `${count(open, "clip")} to label` } : {}),
    ...(trains && run?.state === "failed" ? { Train: `run ${run.number} failed` } : {}),
  };
}
