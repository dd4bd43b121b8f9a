"""The one-shot TCN, NTU RGB+D 120."""

from training.ml.augment.pipeline import Pipeline
from training.ml.fit.recipe import Bodies, Data, FitRecipe
from training.ml.optim import Adam, Plateau

NTU120 = FitRecipe(
    name="one_shot_ntu120",
    title="One-shot TCN, NTU RGB+D 120",
    source=(
        "Sabater et al. (CVPR workshops 2021): 46.5 % of novel actions by the nearest anchor, cosine. Adam "
        "1e-4, gradients of length 1, batch 64, rate by plateau, stopped after 6 epochs without a better "
        "val, for which a tenth of the known actions' recordings is kept. Batches are of 16 actions with 4 "
        "recordings each. Cross-entropy counts whole, not 0.4, which Adam does not see."
    ),
    network="tcn_one_shot",
    options={"graph": "ntu25"},
    data=Data(reader="ntu120", protocol="one-shot", val_share=0.1),
    sees=Bodies(graph="ntu25", frames=32, view="one_shot", pipeline=Pipeline("whole")),
    optimizer=Adam(rate=1e-4),
    schedule=Plateau(by=0.1, patience=3),
    clip_norm=1.0,
    epochs=300,
    batch=64,
    clips_per_class=4,
    patience=6,
)
RECIPES = (NTU120,)
