/** What people did in the project lately. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { activity } from "../../api/queries";
import { deedWords, VERBS, when } from "./deeds";

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
              <span className="clamp">{deedWords(deed)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
