import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { cameraCreate } from "../../api/generated/client";
import { sentenceOf } from "../../api/http";
import { cameras, footageChanged } from "../../api/queries";
import { useHere } from "../../app/session";
import { Icon } from "../../ui/Icon";
import { Button, Field, LoadingRows, Statement } from "../../ui/parts";
import { count } from "../../ui/words";

/** The project's cameras by site. */
export function Cameras() {
  const { slug, may } = useHere();
  const { data, error } = useQuery(cameras(slug));
  return (
    <section id="cameras" className="panel">
      <header>
        <h2>Cameras</h2>
        {data !== undefined && data.total > 0 && <span className="t3 sm">{count(data.total, "camera")}</span>}
      </header>
      {error !== null && <Statement tone="bad" icon="warn" title="The cameras could not be loaded">{sentenceOf(error)}</Statement>}
      {data === undefined && error === null && <LoadingRows rows={3} what="cameras" />}
      {data !== undefined && data.total === 0 && <p className="t2 pad">No camera yet. Every video belongs to one.</p>}
      <ul className="set-lines">
        {data?.items.map((camera) => (
          <li key={camera.id}>
            <Icon name="cam" className="t3" />
            <span className="grow">
              <span className="b">{camera.name}</span>
              <span className="sm t3 block">{camera.site.name}</span>
            </span>
            {camera.videos > 0 ? (
              <Link to="/p/$slug/videos" params={{ slug }} search={{ camera: camera.id }}>
                {count(camera.videos, "video")}
              </Link>
            ) : (
              <span className="t3">no videos</span>
            )}
          </li>
        ))}
      </ul>
      {may("reviewer") && <AddCamera slug={slug} />}
    </section>
  );
}

function AddCamera({ slug }: { readonly slug: string }) {
  const [name, setName] = useState("");
  const [site, setSite] = useState("");
  const add = useMutation({
    mutationFn: () => cameraCreate(slug, { name, site_name: site }),
    onSuccess: () => {
      setName("");
      return footageChanged(slug);
    },
  });
  const missing = name.trim() === "" || site.trim() === "" ? "Give the camera a name and a site first." : undefined;
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (missing === undefined) add.mutate();
  };
  return (
    <form className="set-add" onSubmit={send}>
      <Field label="Camera" value={name} onChange={setName} error={add.isError ? sentenceOf(add.error) : undefined} />
      <Field label="Site" value={site} onChange={setSite} />
      <Button type="submit" busy={add.isPending} blocked={missing}>
        Add camera
      </Button>
    </form>
  );
}
