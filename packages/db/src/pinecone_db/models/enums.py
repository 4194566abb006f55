"""The values that the service knows by name. Plain strings are accepted wherever a member is."""

from __future__ import annotations

from enum import Enum

from pinecone_core.model_names import EmbedModel, RerankModel

__all__ = [
    "AwsRegion",
    "AzureRegion",
    "CloudProvider",
    "DeletionProtection",
    "EmbedModel",
    "GcpRegion",
    "Metric",
    "PodIndexEnvironment",
    "PodType",
    "RerankModel",
    "VectorType",
]


class CloudProvider(str, Enum):
    """Where an index runs."""

    AWS = "aws"
    GCP = "gcp"
    AZURE = "azure"


class AwsRegion(str, Enum):
    """Regions of AWS."""

    US_EAST_1 = "us-east-1"
    US_WEST_2 = "us-west-2"
    EU_WEST_1 = "eu-west-1"
    EU_CENTRAL_1 = "eu-central-1"
    AP_SOUTHEAST_1 = "ap-southeast-1"


class GcpRegion(str, Enum):
    """Regions of Google Cloud."""

    US_CENTRAL1 = "us-central1"
    EUROPE_WEST4 = "europe-west4"


class AzureRegion(str, Enum):
    """Regions of Azure."""

    EASTUS2 = "eastus2"
    GERMANYWESTCENTRAL = "germanywestcentral"


class Metric(str, Enum):
    """How near two vectors are to each other."""

    COSINE = "cosine"
    EUCLIDEAN = "euclidean"
    DOTPRODUCT = "dotproduct"


class VectorType(str, Enum):
    """What kind of vectors an index holds."""

    DENSE = "dense"
    SPARSE = "sparse"


class DeletionProtection(str, Enum):
    """Whether an index refuses to be deleted."""

    ENABLED = "enabled"
    DISABLED = "disabled"


class PodType(str, Enum):
    """Kind and size of the pods of a pod index."""

    P1_X1 = "p1.x1"
    P1_X2 = "p1.x2"
    P1_X4 = "p1.x4"
    P1_X8 = "p1.x8"
    S1_X1 = "s1.x1"
    S1_X2 = "s1.x2"
    S1_X4 = "s1.x4"
    S1_X8 = "s1.x8"
    P2_X1 = "p2.x1"
    P2_X2 = "p2.x2"
    P2_X4 = "p2.x4"
    P2_X8 = "p2.x8"


class PodIndexEnvironment(str, Enum):
    """Where pod indexes can run."""

    US_WEST1_GCP = "us-west1-gcp"
    US_CENTRAL1_GCP = "us-central1-gcp"
    US_WEST4_GCP = "us-west4-gcp"
    US_EAST4_GCP = "us-east4-gcp"
    NORTHAMERICA_NORTHEAST1_GCP = "northamerica-northeast1-gcp"
    ASIA_NORTHEAST1_GCP = "asia-northeast1-gcp"
    ASIA_SOUTHEAST1_GCP = "asia-southeast1-gcp"
    US_EAST1_GCP = "us-east1-gcp"
    EU_WEST1_GCP = "eu-west1-gcp"
    EU_WEST4_GCP = "eu-west4-gcp"
    US_EAST1_AWS = "us-east-1-aws"
    EASTUS_AZURE = "eastus-azure"
