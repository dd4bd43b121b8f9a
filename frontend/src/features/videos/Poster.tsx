import type { VideoRow } from "../../api/generated/model";
import { fileUrl } from "../../api/queries";
import { Icon } from "../../ui/Icon";
import { Still } from "../../ui/Still";

/** The first good look of a video at its true shape; a quiet place holder until there is one. */
export function Poster({ slug, row }: { readonly slug: string; readonly row: Pick<VideoRow, "id" | "state"> }) {
  if (row.state === "ready") return <Still className="poster" src={fileUrl(slug, row.id, "poster")} alt="" loading="lazy" decoding="async" />;
  return (
    <div className="poster none">
      <Icon name={row.state === "failed" ? "off" : "film"} />
    </div>
  );
}
