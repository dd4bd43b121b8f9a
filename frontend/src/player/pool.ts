/** Players that lie one behind the other on the stage: the open video's in front, the next one's ready behind it, so that it cuts in at once. */
import { Player, type PlayerMedia } from "./player";

interface Layer {
  readonly host: HTMLElement;
  readonly player: Player;
}

/** The front layer holds its player, so that a console or a browser test can drive it. */
export interface PlayerHost extends HTMLElement {
  player?: Player;
}

/** How many videos are kept open: the one before, for undo, the one that is shown, the one that comes. */
const KEPT = 3;

export class PlayerPool {
  private readonly layers = new Map<string, Layer>();

  constructor(
    private readonly stage: HTMLElement,
    private readonly build: (host: HTMLElement, media: PlayerMedia, start: number) => Player = (host, media, start) => new Player(host, media, start),
  ) {}

  /** Brings this video to the front and gives its player; it stands on `start` only if it had to be built. */
  show(id: string, media: PlayerMedia, start: number): Player {
    const layer = this.layerOf(id, media, start);
    this.front(id);
    this.stage.prepend(layer.host);
    return layer.player;
  }

  /** Takes every picture off the stage: none of them is of what is open now. */
  hide(): void {
    this.front(null);
  }

  /** Makes this video ready behind the one that is shown, with the pictures around frame `start` decoded. */
  warm(id: string, media: PlayerMedia, start: number): void {
    void this.layerOf(id, media, start).player.warm(start);
  }

  private front(id: string | null): void {
    for (const [name, other] of this.layers) {
      other.host.className = name === id ? "pic" : "pic-behind";
      if (name !== id) other.player.pause();
    }
  }

  dispose(): void {
    for (const id of this.layers.keys()) this.drop(id);
  }

  private layerOf(id: string, media: PlayerMedia, start: number): Layer {
    const known = this.layers.get(id);
    if (known !== undefined) {
      this.layers.delete(id); // the newest use comes last
      this.layers.set(id, known);
      return known;
    }
    const host: PlayerHost = document.createElement("div");
    host.className = "pic-behind";
    host.style.aspectRatio = String(media.aspect);
    host.style.setProperty("--aspect", String(media.aspect));
    this.stage.append(host);
    const layer = { host, player: this.build(host, media, start) };
    host.player = layer.player;
    this.layers.set(id, layer);
    for (const old of [...this.layers.keys()].slice(0, -KEPT)) this.drop(old);
    return layer;
  }

  private drop(id: string): void {
    const layer = this.layers.get(id);
    layer?.player.dispose();
    layer?.host.remove();
    this.layers.delete(id);
  }
}
