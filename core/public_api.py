"""The base of endpoints without a credential: a form that everyone may send, a link that works once."""

from collections.abc import Callable
from typing import Any

from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from core.actors import ANONYMOUS
from core.api import answered_once, require_known


class PublicEndpoint(APIView):
    """Nobody is signed in here; what a stranger may do is limited by the endpoint itself."""

    permission_classes = [AllowAny]
    authentication_classes: list[Any] = []

    def clean(self, serializer_class: Any) -> dict[str, Any]:
        """The body, typed. Raises ValidationError for unknown parameters and fields too."""
        require_known(self.request.query_params, {"format"})
        serializer = serializer_class(data=self.request.data, context={"request": self.request})
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def write(self, work: Callable[[], Response]) -> Response:
        return answered_once(self.request, ANONYMOUS, work)
