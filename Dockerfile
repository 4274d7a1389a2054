# syntax=docker/dockerfile:1.7
# docker build --target cpu -t reeltag:0.1.0 .
# docker build --target gpu -t reeltag:0.1.0-gpu .
# One image runs every service; REELTAG_SERVICES says which. Nothing in it is secret, and nothing is written to it.
ARG NODE_VERSION=24.21.0
ARG CUDA_IMAGE=nvidia/cuda:12.8.1-cudnn-runtime-ubuntu24.04

FROM node:${NODE_VERSION}-bookworm-slim AS base
ENV ONNXRUNTIME_NODE_INSTALL=skip \
    SKIP_FFMPEG=true \
    CHECKPOINT_DISABLE=1 \
    PRISMA_HIDE_UPDATE_MESSAGE=1 \
    NO_UPDATE_NOTIFIER=1
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tini=0.19.0-* \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app

# The manifests alone, so that packages are installed again only when one of these changes.
FROM base AS manifests
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete

FROM base AS build
COPY --from=manifests /app ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# Generating needs no engine; naming one that exists keeps Prisma from downloading it.
RUN PRISMA_SCHEMA_ENGINE_BINARY=/bin/true node node_modules/prisma/build/index.js generate \
    && node node_modules/typescript/bin/tsc -b apps/reeltag \
    && node scripts/bundle.mjs \
    && rm -rf apps/review-web/node_modules apps/review-web/public \
    && node scripts/production-packages.mjs \
    && rm -rf libs/testing apps/*/src libs/*/src \
    && find apps libs -type f \( -name '*.d.ts' -o -name '*.spec.*' -o -name '*.fixture.*' -o -name '*.map' -o -name '*.tsbuildinfo' \) -delete \
    && rm -rf scripts

# CUDA's execution provider is too large for npm. The package's own script takes the files that belong to its version
# and to CUDA 12; the wheels of the same version are built for CUDA 13 and do not load here.
FROM build AS build-cuda
RUN ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js \
    && test -s node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so

FROM ${CUDA_IMAGE} AS gpu
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Reeltag (GPU)" \
      org.opencontainers.image.description="Tags short videos; every service, with CUDA 12 and cuDNN 9" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0 AND GPL-3.0-or-later AND LGPL-3.0-or-later"
COPY --from=base /usr/local/bin/node /usr/local/bin/node
COPY --from=base /usr/bin/tini /usr/bin/tini
RUN groupadd --gid 10001 reeltag \
    && useradd --uid 10001 --gid 10001 --home-dir /var/lib/reeltag --create-home --shell /usr/sbin/nologin reeltag
WORKDIR /app
COPY --from=build-cuda /app ./
# Without `video` a decoder on the card fails, without `compute` the encoders do.
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    REELTAG_HOME=/var/lib/reeltag \
    MODEL_DEVICE=cuda \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,video,utility
USER 10001:10001
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=300s --retries=3 CMD ["node", "apps/reeltag/dist/cli.js", "health"]
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "apps/reeltag/dist/main.js"]

# The last stage is what a build without --target makes.
FROM base AS cpu
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Reeltag" \
      org.opencontainers.image.description="Tags short videos; every service" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0 AND GPL-3.0-or-later AND LGPL-3.0-or-later"
RUN groupadd --gid 10001 reeltag \
    && useradd --uid 10001 --gid 10001 --home-dir /var/lib/reeltag --create-home --shell /usr/sbin/nologin reeltag
COPY --from=build /app ./
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    REELTAG_HOME=/var/lib/reeltag
USER 10001:10001
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 CMD ["node", "apps/reeltag/dist/cli.js", "health"]
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "apps/reeltag/dist/main.js"]
