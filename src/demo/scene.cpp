// SPDX-License-Identifier: MIT
#include "demo/scene.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

namespace ronin::demo {
namespace {

struct Colour {
  uint8_t y, u, v;
};

// BT.601, studio range.
constexpr Colour kSky{150, 146, 118};
constexpr Colour kDusk{70, 138, 124};
constexpr Colour kGrass{90, 106, 112};
constexpr Colour kHedge{58, 112, 116};
constexpr Colour kRoad{84, 130, 127};
constexpr Colour kWall{170, 120, 134};
constexpr Colour kBrick{96, 114, 158};
constexpr Colour kWood{72, 112, 146};
constexpr Colour kGlass{110, 140, 120};
constexpr Colour kLight{200, 100, 142};
constexpr Colour kFloor{104, 126, 130};
constexpr Colour kSkin{150, 114, 150};
constexpr Colour kCoat{64, 150, 116};
constexpr Colour kRedPaint{78, 110, 196};
constexpr Colour kWhitePaint{205, 128, 128};
constexpr Colour kFur{52, 124, 134};
constexpr Colour kTyre{26, 128, 128};

/// In thousandths of the picture's width and height.
struct Box {
  int x, y, width, height;
};

struct Patch {
  Box box;
  Colour colour;
};

class Canvas {
 public:
  explicit Canvas(const Picture& picture) : picture_(picture) {}

  void Fill(const Box& box, const Colour& colour) const {
    FillPlane(picture_.luma, box, colour.y);
    FillPlane(picture_.blue, box, colour.u);
    FillPlane(picture_.red, box, colour.v);
  }

 private:
  static void FillPlane(const Plane& plane, const Box& box, uint8_t value) {
    const auto at = [](int part, int whole) { return std::clamp(part * whole / 1000, 0, whole); };
    const int left = at(box.x, plane.width);
    const int right = at(box.x + box.width, plane.width);
    const int bottom = at(box.y + box.height, plane.height);
    for (int y = at(box.y, plane.height); y < bottom && left < right; ++y) {
      std::memset(plane.data + y * plane.stride + left, value, size_t(right - left));
    }
  }

  const Picture picture_;
};

enum class Actor { kPerson, kCar, kVan, kCat };

/// Something that crosses the picture once in a minute.
struct Visit {
  Actor actor;
  double begin;     // second of the minute
  double duration;  // seconds
  int from, to;     // left edge, in thousandths of the width; outside at both ends
  int ground;       // thousandths of the height where it stands
  int size;         // thousandths of the height
};

struct Place {
  const char* name;
  std::vector<Patch> surroundings;
  std::vector<Visit> visits;
};

void PaintPerson(const Canvas& canvas, int x, int ground, int size, double stride) {
  const int top = ground - size;
  const int width = size / 5;
  const int step = int(width * 0.35 * std::sin(stride));
  canvas.Fill({x + width / 4, top, width / 2, size / 6}, kSkin);
  canvas.Fill({x, top + size / 6, width, size * 2 / 5}, kCoat);
  canvas.Fill({x + width / 8 + step, top + size * 17 / 30, width / 3, size * 13 / 30}, kTyre);
  canvas.Fill({x + width / 2 - step, top + size * 17 / 30, width / 3, size * 13 / 30}, kTyre);
}

void PaintCar(const Canvas& canvas, int x, int ground, int size, bool van) {
  const int length = van ? size * 5 / 4 : size * 7 / 5;
  const Colour paint = van ? kWhitePaint : kRedPaint;
  const int roof = van ? ground - size : ground - size * 7 / 10;
  canvas.Fill({x + (van ? 0 : length / 5), roof, van ? length : length * 3 / 5, size / 2}, paint);
  canvas.Fill({x + length * 3 / 10, roof + size / 12, length * 2 / 5, size / 5}, kGlass);
  canvas.Fill({x, ground - size / 2, length, size * 2 / 5}, paint);
  for (const int wheel : {length / 8, length * 5 / 8}) {
    canvas.Fill({x + wheel, ground - size / 5, size / 5, size / 5}, kTyre);
  }
}

void PaintCat(const Canvas& canvas, int x, int ground, int size, double stride) {
  const int hop = int(size * 0.15 * std::abs(std::sin(stride)));
  canvas.Fill({x, ground - size * 7 / 10 - hop, size, size / 2}, kFur);
  canvas.Fill({x + size, ground - size - hop, size / 3, size / 2}, kFur);
  canvas.Fill({x + size / 10, ground - size / 4, size / 8, size / 4}, kFur);
  canvas.Fill({x + size * 3 / 4, ground - size / 4, size / 8, size / 4}, kFur);
}

void Paint(const Canvas& canvas, const Visit& visit, double seconds) {
  const double since = seconds - visit.begin;
  if (since < 0 || since > visit.duration) return;
  const int x = visit.from + int((visit.to - visit.from) * since / visit.duration);
  switch (visit.actor) {
    case Actor::kPerson:
      return PaintPerson(canvas, x, visit.ground, visit.size, since * 7);
    case Actor::kCat:
      return PaintCat(canvas, x, visit.ground, visit.size, since * 9);
    case Actor::kCar:
    case Actor::kVan:
      return PaintCar(canvas, x, visit.ground, visit.size, visit.actor == Actor::kVan);
  }
}

// NOLINTNEXTLINE(readability-function-size): a table.
const std::array<Place, 5>& Places() {
  static const std::array<Place, 5> kPlaces = {{
      {"door",
       {{{0, 0, 1000, 760}, kBrick},
        {{0, 760, 1000, 240}, kFloor},
        {{400, 190, 200, 600}, kWood},
        {{440, 250, 120, 180}, kGlass},
        {{565, 500, 15, 40}, kLight},
        {{380, 780, 240, 40}, kRoad},
        {{90, 230, 180, 230}, kWall},
        {{105, 250, 150, 190}, kGlass},
        {{730, 230, 180, 230}, kWall},
        {{745, 250, 150, 190}, kGlass},
        {{650, 260, 25, 60}, kLight}},
       {{Actor::kPerson, 4, 9, -150, 1050, 900, 520},
        {Actor::kCat, 21, 6, 1050, -150, 960, 90},
        {Actor::kPerson, 34, 12, 1050, -150, 930, 560},
        {Actor::kPerson, 50, 8, -150, 1050, 910, 480}}},
      {"driveway",
       {{{0, 0, 1000, 330}, kSky},
        {{0, 300, 1000, 150}, kHedge},
        {{0, 430, 1000, 570}, kGrass},
        {{0, 560, 1000, 270}, kRoad},
        {{60, 685, 110, 15}, kWhitePaint},
        {{310, 685, 110, 15}, kWhitePaint},
        {{560, 685, 110, 15}, kWhitePaint},
        {{810, 685, 110, 15}, kWhitePaint}},
       {{Actor::kCar, 3, 5, -350, 1050, 800, 230},
        {Actor::kPerson, 14, 14, 1050, -100, 620, 250},
        {Actor::kVan, 31, 6, 1050, -400, 760, 300},
        {Actor::kCar, 45, 4, -350, 1050, 810, 220}}},
      {"garden",
       {{{0, 0, 1000, 280}, kSky},
        {{0, 240, 1000, 200}, kWood},
        {{0, 400, 1000, 600}, kGrass},
        {{90, 150, 200, 210}, kHedge},
        {{175, 340, 30, 170}, kWood},
        {{700, 320, 260, 200}, kHedge},
        {{420, 560, 220, 30}, kWood},
        {{440, 590, 20, 90}, kWood},
        {{600, 590, 20, 90}, kWood}},
       {{Actor::kCat, 5, 9, -150, 1050, 760, 80},
        {Actor::kPerson, 22, 11, 1050, -150, 860, 420},
        {Actor::kCat, 42, 12, 1050, -150, 900, 110}}},
      {"garage",
       {{{0, 0, 1000, 720}, kDusk},
        {{0, 700, 1000, 300}, kFloor},
        {{560, 200, 380, 520}, kWall},
        {{560, 300, 380, 10}, kRoad},
        {{560, 400, 380, 10}, kRoad},
        {{560, 500, 380, 10}, kRoad},
        {{560, 600, 380, 10}, kRoad},
        {{40, 160, 220, 20}, kWood},
        {{60, 90, 60, 70}, kRedPaint},
        {{150, 110, 80, 50}, kGlass},
        {{330, 0, 160, 30}, kLight}},
       {{Actor::kPerson, 8, 8, -150, 1050, 920, 560},
        {Actor::kVan, 28, 10, -700, 1050, 930, 420},
        {Actor::kCat, 48, 7, 1050, -150, 960, 90}}},
      {"street",
       {{{0, 0, 1000, 260}, kSky},
        {{0, 110, 330, 330}, kBrick},
        {{330, 160, 300, 280}, kWall},
        {{630, 90, 370, 350}, kBrick},
        {{60, 190, 70, 110}, kGlass},
        {{190, 190, 70, 110}, kGlass},
        {{390, 220, 70, 100}, kGlass},
        {{510, 220, 70, 100}, kGlass},
        {{700, 170, 80, 120}, kLight},
        {{850, 170, 80, 120}, kGlass},
        {{0, 440, 1000, 90}, kFloor},
        {{0, 530, 1000, 470}, kRoad},
        {{100, 745, 160, 15}, kWhitePaint},
        {{420, 745, 160, 15}, kWhitePaint},
        {{740, 745, 160, 15}, kWhitePaint}},
       {{Actor::kCar, 2, 4, -350, 1050, 700, 200},
        {Actor::kVan, 9, 5, 1050, -450, 930, 300},
        {Actor::kPerson, 16, 13, -100, 1050, 520, 230},
        {Actor::kCar, 33, 4, 1050, -350, 920, 240},
        {Actor::kVan, 47, 6, -450, 1050, 700, 260}}},
  }};
  return kPlaces;
}

const Place* FindPlace(const std::string& name) {
  const auto* found = std::find_if(Places().begin(), Places().end(),
                                   [&](const Place& place) { return name == place.name; });
  return found == Places().end() ? nullptr : found;
}

}  // namespace

bool IsPlace(const std::string& place) { return FindPlace(place) != nullptr; }

void PaintScene(const Picture& picture, const std::string& place, double seconds) {
  const Place* found = FindPlace(place);
  if (found == nullptr) return;
  const Canvas canvas(picture);
  for (const Patch& patch : found->surroundings) canvas.Fill(patch.box, patch.colour);
  for (const Visit& visit : found->visits) Paint(canvas, visit, seconds);
}

}  // namespace ronin::demo
