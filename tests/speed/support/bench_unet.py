"""The U-Net that every comparison against PyTorch uses.
2-D: UNet(2), input [4, 1, 128, 128], 2,195,842 parameters, 11.75 GMAC forward. 3-D: UNet(3), input [1, 1, 64, 64, 64], 6,491,074 parameters, 76.7 GMAC."""
import torch
import torch.nn as nn
import torch.nn.functional as F

CHANNELS = [32, 64, 128, 256]


class ResidualBlock(nn.Module):
    def __init__(self, c_in, c_out, conv):
        super().__init__()
        self.conv1, self.norm1 = conv(c_in, c_out, 3, padding=1), nn.GroupNorm(8, c_out)
        self.conv2, self.norm2 = conv(c_out, c_out, 3, padding=1), nn.GroupNorm(8, c_out)
        self.shortcut = conv(c_in, c_out, 1) if c_in != c_out else nn.Identity()

    def forward(self, x):
        h = F.silu(self.norm1(self.conv1(x)))
        return F.silu(self.norm2(self.conv2(h)) + self.shortcut(x))


class UNet(nn.Module):
    def __init__(self, dims=2):
        super().__init__()
        conv = {2: nn.Conv2d, 3: nn.Conv3d}[dims]
        c = CHANNELS
        self.stem = conv(1, c[0], 3, padding=1)
        self.encoder = nn.ModuleList(ResidualBlock(c[max(0, i - 1)], c[i], conv) for i in range(4))
        self.down = nn.ModuleList(conv(c[i], c[i], 3, stride=2, padding=1) for i in range(3))
        self.up = nn.ModuleList(conv(c[i + 1], c[i], 3, padding=1) for i in range(3))
        self.decoder = nn.ModuleList(ResidualBlock(c[i], c[i], conv) for i in range(3))
        self.head = conv(c[0], 2, 1)

    def forward(self, x):
        h, skips = self.stem(x), []
        for i in range(4):
            h = self.encoder[i](h)
            if i < 3:
                skips.append(h)
                h = self.down[i](h)
        for i in (2, 1, 0):
            h = F.interpolate(h, scale_factor=2.0, mode="nearest")
            h = self.decoder[i](self.up[i](h) + skips[i])
        return self.head(h)
