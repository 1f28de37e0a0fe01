"""Settings of notify, beside those that every service has."""

from datetime import time
from typing import Annotated

from pydantic import Field, PositiveFloat, PositiveInt

from chassis.settings.servers import MountedFile
from chassis.settings.service import AsJson, ServiceSettings
from services.notify.domain.template.text import Letterhead

_NANHUAXI = Letterhead(
    signature="南华西街道",
    organ="广州市海珠区人民政府南华西街道办事处",
    hall="南华西街道政务服务中心",
)


class NotifySettings(ServiceSettings):
    """The settings of notify."""

    vault_key_file: MountedFile = Field(description="JSON file with the versions of the vault's key.")
    query_code_pepper_file: MountedFile = Field(
        description="File with the secret that query codes are hashed with; portals get documents by them."
    )
    objects_url: str = Field(
        pattern=r"^(file|s3|memory)://", description="Where documents lie: file://, s3:// or memory://."
    )
    seal_private_key_file: MountedFile = Field(
        description="PEM file with notify's private key (X25519), which alone opens the applicants' details."
    )
    sms_url: str = Field(pattern=r"^https?://", description="Where the SMS gateway answers, without /messages.")
    sms_call_messages: PositiveInt = Field(
        default=50, description="Messages handed to the gateway in one call; 1 where it takes them one by one."
    )
    sms_concurrency: PositiveInt = Field(default=4, description="Calls to the gateway at one time.")
    sms_deadline_seconds: PositiveFloat = Field(default=5.0, description="Seconds the gateway has to answer one call.")
    sms_batch: PositiveInt = Field(default=200, description="Messages put on file in one transaction.")
    sms_standing_minute_seconds: PositiveFloat = Field(
        default=2.0,
        description="Real seconds that stand for a minute's wait before a retry while the office clock stands still.",
    )
    quiet_until: time = Field(default=time(8, 30), description="When messages may go out in the morning.")
    quiet_from: time = Field(default=time(21), description="From when on messages are held to the next morning.")
    queue_poll_seconds: PositiveFloat = Field(
        default=0.5, description="Seconds between looks at the queues of messages and documents when nothing rang."
    )
    queue_quiet_seconds: PositiveFloat = Field(
        default=0.03, description="Seconds without a ring after which a queue that was rung is looked at."
    )
    queue_gather_seconds: PositiveFloat = Field(
        default=0.25,
        description="Seconds a queue waits at most while it is rung again and again, so that one round takes more.",
    )
    document_batch: PositiveInt = Field(default=32, description="Documents set before they are put on file together.")
    document_bytes: PositiveInt = Field(default=1_000_000, description="Bytes a document may have in the store.")
    offices: Annotated[dict[str, Letterhead], AsJson] = Field(
        default={"440105008": _NANHUAXI},
        description="JSON by street code: how its office signs messages and documents, and where people find it"
        " (signature, organ, phone, hall, hours).",
    )
    office: Annotated[Letterhead, AsJson] = Field(
        default=Letterhead(), description="JSON with the same for every street that is not named."
    )
