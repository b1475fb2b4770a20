#!/usr/bin/env bash
# A part of a run for each task of a Slurm array:
#   sbatch --array=1-100 --cpus-per-task=4 slurm-array.sh parts several-tokens 0..99999
#   attention-svm merge parts/* --out several-tokens
# A task that was cut off goes on when it is submitted again. The program is attention-svm, or what ATTENTION_SVM names.
set -euo pipefail
[ $# -ge 3 ] || { echo "usage: slurm-array.sh FOLDER EXPERIMENT FIRST..LAST" >&2; exit 2; }
exec "${ATTENTION_SVM:-attention-svm}" run "$2" --draws "$3" --quiet --threads "${SLURM_CPUS_PER_TASK:-1}" \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --out "$1/$SLURM_ARRAY_TASK_ID"
