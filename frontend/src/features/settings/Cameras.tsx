import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { cameraCreate, cameraRemove, cameraRename } from "../../api/generated/client";
import type { CameraOut } from "../../api/generated/model";
import { sentenceOf } from "../../api/http";
import { cameras, footageChanged } from "../../api/queries";
import { useHere } from "../../app/session";
import { Icon } from "../../ui/Icon";
import { Button, Field, LoadingRows, Statement } from "../../ui/parts";
import { tell, tellError } from "../../ui/toasts";
import { count } from "../../ui/words";
import { NameField } from "./NameField";

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
          <CameraLine key={camera.id} slug={slug} camera={camera} />
        ))}
      </ul>
      {may("reviewer") && <AddCamera slug={slug} />}
    </section>
  );
}

function CameraLine({ slug, camera }: { readonly slug: string; readonly camera: CameraOut }) {
  const { may } = useHere();
  const rename = useMutation({ mutationFn: (name: string) => cameraRename(slug, camera.id, { name }), onSuccess: ({ name }) => (tell(`${camera.name} is called ${name} now`), footageChanged(slug)), onError: tellError });
  const back = useMutation({ mutationFn: () => cameraCreate(slug, { name: camera.name, site_name: camera.site.name }), onSuccess: () => footageChanged(slug), onError: tellError });
  const remove = useMutation({
    mutationFn: () => cameraRemove(slug, camera.id),
    onSuccess: () => {
      tell(`${camera.name} removed`, { name: "Bring back", run: () => back.mutate() });
      document.querySelector<HTMLElement>("#cameras .set-add input")?.focus(); // its own button goes
      return footageChanged(slug);
    },
    onError: tellError,
  });
  return (
    <li className="camera-line">
      <Icon name="cam" className="t3" />
      <span className="grow">
        {may("reviewer") ? <NameField key={camera.name} of={camera.name} onRename={(name, refused) => rename.mutate(name, { onError: refused })} /> : <span className="b">{camera.name}</span>}
        <span className="sm t3 block">{camera.site.name}</span>
      </span>
      {camera.videos > 0 ? (
        <Link to="/p/$slug/videos" params={{ slug }} search={{ camera: camera.id }}>
          {count(camera.videos, "video")}
        </Link>
      ) : (
        <span className="t3">no videos</span>
      )}
      {may("reviewer") && camera.videos === 0 && (
        <Button size="xs" look="ghost" label={`Remove ${camera.name}`} busy={remove.isPending} onClick={() => remove.mutate()}>
          Remove
        </Button>
      )}
    </li>
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
