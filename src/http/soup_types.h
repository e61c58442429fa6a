// SPDX-License-Identifier: MIT
#pragma once

#include <libsoup/soup.h>

#include "base/g_ref.h"

RONIN_G_OBJECT(SoupServer)
RONIN_G_OBJECT(SoupServerMessage)
RONIN_G_OBJECT(SoupWebsocketConnection)
RONIN_G_OBJECT(GSocketAddress)
