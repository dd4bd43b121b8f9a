/** What people did in the project lately, each the way to it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { DeedOut } from "../../api/generated/model";
import { activity } from "../../api/queries";
import { deedPlace, deedWords, VERBS, when } from "./deeds";

const SHOWN = 9;

export function Recently({ slug }: { readonly slug: string }) {
  const { data } = useQuery(activity(slug, VERBS, SHOWN));
  const [now] = useState(() => new Date());
  return (
    <section className="panel">
      <header>
        <h2>Recently</h2>
      </header>
      {data !== undefined && data.items.length === 0 ? (
        <p className="t2 pad">Nothing has happened yet.</p>
      ) : (
        <ul className="deeds">
          {(data?.items ?? []).map((deed) => (
            <li key={`${deed.at} ${deed.verb}`}>
              <time className="t3 nw" dateTime={deed.at}>
                {when(deed.at, now)}
              </time>
              <Place slug={slug} deed={deed} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** One row; a link for each room keeps the addresses checked. */
function Place({ slug, deed }: { readonly slug: string; readonly deed: DeedOut }) {
  const place = deedPlace(deed);
  const words = deedWords(deed);
  const look = { className: "clamp", children: words };
  switch (place.room) {
    case "video":
      return <Link {...look} to="/p/$slug/videos/$id" params={{ slug, id: place.id }} />;
    case "run":
      return <Link {...look} to="/p/$slug/train/{-$run}" params={{ slug, run: place.number }} />;
    case "videos":
      return <Link {...look} to="/p/$slug/videos" params={{ slug }} />;
    case "quality":
      return <Link {...look} to="/p/$slug/quality" params={{ slug }} />;
    case "label":
      return <Link {...look} to="/p/$slug/label/{-$clip}" params={{ slug, clip: undefined }} />;
    case "models":
      return <Link {...look} to="/p/$slug/models/{-$number}" params={{ slug, number: undefined }} />;
    case "settings":
      return <Link {...look} to="/p/$slug/settings" params={{ slug }} />;
  }
}
